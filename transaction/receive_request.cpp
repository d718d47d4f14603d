// SPDX-License-Identifier: Apache-2.0
//
// A request from the wire: a repetition, a merged one, or a new server transaction for the core.
#include "transaction/match_key.hpp"
#include "transaction/timers.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

void repeat_to_live(Tables& tables, ServerTransaction& server, base::MonotonicNs now) noexcept {
    bool repeats = false;
    if (server.is_invite()) {
        const auto step = invite_server::step(server.invite, invite_server::Event::Request);
        repeats = step.actions.has(invite_server::Action::Repeat);
    } else {
        const auto step =
            non_invite_server::step(server.non_invite, non_invite_server::Event::Request);
        repeats = step.actions.has(non_invite_server::Action::Repeat);
    }
    if (repeats) {
        send_response_again(tables, server, now);
    }
}

void repeat_to_lingering(Tables& tables,
                         const ArrivedRequest& request,
                         const Lingering& record) noexcept {
    if (!record.bytes.is_set()) {
        return;
    }
    tables.output.count(Counter::ResponseSentAgain);
    send(tables,
         {.flow = record.flow,
          .bytes = tables.messages.bytes(record.bytes),
          .call = call_of(tables, request.message.view),
          .cseq_number = record.cseq_number,
          .status_code = record.status_code,
          .method = record.method,
          .is_repeated = true,
          .is_own = record.kind == LingeringKind::Refused,
          .now = request.message.now});
}

void receive_new(Tables& tables, const ArrivedRequest& request) noexcept {
    const InboundMessage& message = request.message;
    const auto merge = merge_key(message.view, tables.options.hash_key);
    if (merge && is_named(tables, *merge)) {
        answer_merged(tables, request);
        return;
    }
    if (tables.core_absent) {
        refuse(tables, request, Counter::RefusedCoreAbsent);
        return;
    }
    const ServerHandle handle = begin_server(tables, request, merge.value_or(0));
    if (!handle.is_set()) {
        refuse(tables, request, Counter::RefusedPoolFull);
        return;
    }
    if (!tables.output.publish_request(handle, message)) {
        end_server(tables, handle);
        refuse(tables, request, Counter::RefusedRingFull);
        return;
    }
    ServerTransaction& server = *tables.servers.get(handle);
    if (server.is_invite()) {
        server.trying_at = message.now + kTryingAfterNs;
        server.end_at = message.now + kUnansweredInviteNs;
    }
    settle_server(tables, handle, message.now);
}

} // namespace

void receive_request(Tables& tables, const InboundMessage& message) noexcept {
    tables.visits.visit(base::Stage::ServerRequest);
    const auto via = sipparse::top_via(message.view);
    if (!via) {
        note_arrival(tables, message, false);
        tables.output.count(Counter::DropNoVia);
        return;
    }
    const ArrivedRequest request{
        message, *via, transaction_key(message.view, *via, tables.options.hash_key)};
    if (message.view.method() == sipparse::Method::Ack) {
        receive_ack(tables, request);
        return;
    }
    const ServerMatch match = find_server(tables, request.key, message.view.cseq_number());
    note_arrival(tables, message, match.is_found());
    if (match.is_found()) {
        receive_repeated(tables, request, match);
    } else if (message.view.method() == sipparse::Method::Cancel) {
        receive_cancel(tables, request);
    } else {
        receive_new(tables, request);
    }
}

void receive_repeated(Tables& tables,
                      const ArrivedRequest& request,
                      const ServerMatch& match) noexcept {
    tables.output.count(Counter::RequestRepeated);
    if (match.live != nullptr) {
        repeat_to_live(tables, *match.live, request.message.now);
        tell_orphaned_request(tables, match, request.message);
    } else {
        repeat_to_lingering(tables, request, *match.lingering);
    }
}

} // namespace tandem::transaction
