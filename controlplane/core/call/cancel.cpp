// SPDX-License-Identifier: Apache-2.0
//
// The CANCEL has the branch, Request-URI, Route, From, To, Call-ID and CSeq number of its INVITE.
#include "controlplane/core/call/cancel.hpp"

#include "controlplane/core/call/write_request.hpp"

namespace tandem::controlplane {

bool send_cancel(CoreState& core, const Cancellation& cancellation) {
    const auto slot = take_slot(core, SlotUse::Ending);
    if (!slot.is_set()) {
        return false;
    }
    const BranchText branch(core, cancellation.invite);
    sipparse::MessageWriter writer(core.effects.message_buffer());
    write_head(
        writer,
        cancellation.dialog,
        {.method = sipparse::Method::Cancel, .cseq = cancellation.cseq, .branch = branch.text()});
    if (!cancellation.reason.empty()) {
        writer.header(sipparse::HeaderId::Reason, cancellation.reason);
    }
    writer.no_body();
    return send_request(core,
                        writer,
                        {.client = slot,
                         .cancelled = cancellation.invite,
                         .owner = {},
                         .flow = cancellation.dialog.flow});
}

} // namespace tandem::controlplane
