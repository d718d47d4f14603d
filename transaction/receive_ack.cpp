// SPDX-License-Identifier: Apache-2.0
//
// An ACK from the wire. Of a non-2xx: it has the branch of the INVITE and ends its repetition. Of a
// 2xx: found by Call-ID, tags and CSeq, the first one goes up with its body. Never answered.
#include "transaction/match_key.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

void acknowledge_2xx(Tables& tables,
                     const ArrivedRequest& request,
                     const ServerMatch& match) noexcept {
    ServerTransaction& server = *match.live;
    tables.visits.visit(base::Stage::TwoXxKeeper);
    const auto step = two_xx_keeper::step(server.keeper, two_xx_keeper::Event::Ack);
    const bool is_first = step.actions.has(two_xx_keeper::Action::PassUp);
    note_arrival(tables, request.message, !is_first);
    if (!is_first) {
        tables.output.count(Counter::AckRepeated);
        return;
    }
    if (tables.core_absent) {
        tables.output.count(Counter::DropCoreAbsent);
        return;
    }
    if (!tables.output.publish_ack(match.handle, request.message)) {
        tables.output.count(Counter::DropAckRingFull);
        return; // the keeper goes on, so the peer sends its ACK again
    }
    server.keeper = step.state;
    server.repeat_at = 0;
    settle_server(tables, match.handle, request.message.now);
}

void acknowledge_failure(Tables& tables,
                         const ArrivedRequest& request,
                         const ServerMatch& match) noexcept {
    ServerTransaction& server = *match.live;
    note_arrival(tables, request.message, false);
    server.invite = invite_server::step(server.invite, invite_server::Event::Ack).state;
    server.repeat_at = 0;
    server.end_at = 0;
    settle_server(tables, match.handle, request.message.now);
}

// Is this ACK meant for the response that was sent? By branch it is; without one (RFC 2543) the To
// tag has to be that of the response (17.2.3).
bool fits_failure(const Tables& tables,
                  const ArrivedRequest& request,
                  const ServerTransaction& server) noexcept {
    return !server.from_2543_client ||
           ack_key(request.message.view, tables.options.hash_key) == server.failure_ack_key;
}

void receive_unknown(Tables& tables, const ArrivedRequest& request) noexcept {
    note_arrival(tables, request.message, false);
    if (acknowledges_own_answer(tables, request)) {
        tables.output.count(Counter::AckRepeated);
    } else if (tables.core_absent) {
        tables.output.count(Counter::DropAckUnknown);
    } else if (!tables.output.publish_stray(request.message)) {
        tables.output.count(Counter::DropStrayRingFull);
    }
}

} // namespace

void receive_ack(Tables& tables, const ArrivedRequest& request) noexcept {
    tables.visits.visit(base::Stage::ServerAck);
    const std::uint32_t number = request.message.view.cseq_number();
    ServerMatch match = find_server(tables, request.key, number);
    if (!match.is_found()) {
        match = find_server(tables, ack_key(request.message.view, tables.options.hash_key), number);
    }
    if (match.lingering != nullptr) {
        note_arrival(tables, request.message, true);
        tables.output.count(Counter::AckRepeated);
        return;
    }
    if (match.live != nullptr && match.live->is_invite()) {
        if (match.live->invite == invite_server::State::Accepted) {
            acknowledge_2xx(tables, request, match);
            return;
        }
        if (match.live->invite == invite_server::State::Completed &&
            fits_failure(tables, request, *match.live)) {
            acknowledge_failure(tables, request, match);
            return;
        }
    }
    receive_unknown(tables, request);
}

} // namespace tandem::transaction
