// SPDX-License-Identifier: Apache-2.0
//
// A new CANCEL from the wire (RFC 3261 9.2): matched to its INVITE and handed to the core, which
// answers it; without a match 481. A CANCEL that cannot be handed up is not answered at all, its
// repetition comes: a 200 is the core's to say, and a 503 would end the caller's attempt to cancel.
#include "transaction/match_key.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {

void receive_cancel(Tables& tables, const ArrivedRequest& request) noexcept {
    tables.visits.visit(base::Stage::ServerCancel);
    const InboundMessage& message = request.message;
    const std::uint64_t invite_key =
        cancelled_key(message.view, request.via, tables.options.hash_key);
    const ServerMatch invite = find_server(tables, invite_key, message.view.cseq_number());
    // After the ACK, or for what we refused ourselves, there is nothing left to cancel.
    if (invite.live == nullptr) {
        answer_no_invite(tables, request);
        return;
    }
    if (tables.core_absent) {
        tables.output.count(Counter::DropCoreAbsent);
        return;
    }
    const ServerHandle handle = begin_server(tables, request, 0);
    if (!handle.is_set()) {
        tables.output.count(Counter::DropCancelPoolFull);
        return;
    }
    if (!tables.output.publish_cancel(handle, invite.handle, message)) {
        tables.output.count(Counter::DropCancelRingFull);
        end_server(tables, handle);
        return;
    }
    settle_server(tables, handle, message.now);
}

} // namespace tandem::transaction
