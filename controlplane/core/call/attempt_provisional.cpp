// SPDX-License-Identifier: Apache-2.0
//
// 180, 181, 182, 183, 199 pass to the caller in the dialog of their callee, reliably when the
// callee sent them so (RFC 3262). 100 only says that a CANCEL may go.
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/cancel.hpp"
#include "controlplane/core/call/offer.hpp"
#include "controlplane/core/call/reliable.hpp"
#include "controlplane/core/call/reply.hpp"

namespace tandem::controlplane {

namespace {

constexpr std::string_view kElsewhere = "SIP;cause=200;text=\"Call completed elsewhere\"";

void send_waiting_cancel(CoreState& core, const Attempt& attempt) {
    const auto dialog = view_of(core, attempt);
    send_cancel(core,
                {.dialog = dialog,
                 .invite = attempt.client,
                 .cseq = attempt.cseq,
                 .reason = attempt.elsewhere ? kElsewhere : std::string_view{}});
}

void relay(CoreState& core, Call& call, Leg& callee, const ResponseInput& response) {
    const auto& view = response.message.view;
    auto& caller = *core.legs.get(callee.peer);
    callee.state = next_state(callee.state, LegEvent::Provisional);
    caller.state = next_state(caller.state, LegEvent::Provisional);
    if (call.times.ringing_ns == 0) {
        call.times.ringing_ns = core.now.wall_ns;
    }
    ReplyHeaders headers;
    headers.add_contact(core.texts.view(caller.contact_user), caller.flow.local);
    Reply parts{.transaction = call.invite,
                .head = &call.head,
                .status_code = view.status_code(),
                .reason = view.reason(),
                .to_tag = core.texts.view(caller.local_tag),
                .headers = &headers,
                .body_of = &view};
    const auto rseq = reliable_rseq(view);
    if (rseq && call.caller_supports_100rel) {
        if (!is_next_reliable(callee.last_rseq, *rseq) || waits_for_prack(caller, call.invite)) {
            return;
        }
        callee.last_rseq = *rseq;
        take_offer_answer(core, callee, view);
        parts.reliable = true;
        parts.rseq = note_reliable(core,
                                   caller,
                                   {.invite = call.invite,
                                    .cseq = call.invite_cseq,
                                    .peer_rseq = *rseq,
                                    .peer_cseq = callee.invite_cseq});
        headers.compose_number(sipparse::HeaderId::RSeq, parts.rseq);
        headers.add(sipparse::HeaderId::Require, "100rel");
    }
    headers.add_relayed(view, callee.device);
    reply(core, parts);
}

} // namespace

void take_provisional(CoreState& core, AttemptHandle handle, const ResponseInput& response) {
    core.visits.visit(base::Stage::AttemptProvisional);
    auto& attempt = *core.attempts.get(handle);
    auto& call = *core.calls.get(attempt.call);
    const auto before = attempt.state;
    attempt.state = next_state(before, AttemptEvent::Provisional);
    if (before == AttemptState::CancelWanted) {
        send_waiting_cancel(core, attempt);
    }
    const bool wanted =
        attempt.state == AttemptState::Proceeding && call.state == CallState::Ringing;
    if (!wanted || response.message.view.status_code() == 100) {
        return;
    }
    const auto pair = pair_for(core, handle, response.message.view);
    if (auto* callee = core.legs.get(pair)) {
        relay(core, call, *callee, response);
    }
}

} // namespace tandem::controlplane
