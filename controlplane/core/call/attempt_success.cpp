// SPDX-License-Identifier: Apache-2.0
//
// The first 2xx of all attempts answers the call: its dialog stays, every other attempt is
// cancelled, every other early dialog forgotten. A 2xx that comes when the call is answered or over
// gets ACK and BYE (RFC 3261 section 13.2.2.4).
#include "controlplane/core/call/ack.hpp"
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/offer.hpp"
#include "controlplane/core/call/reliable.hpp"
#include "controlplane/core/call/reply.hpp"
#include "controlplane/core/call/write_request.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;

void forget_other_legs(CoreState& core, Call& call, LegHandle callee, LegHandle caller) {
    for_each_in_list(core.legs, call.legs, [&](LegHandle handle, Leg& leg) {
        if (handle != callee && handle != caller) {
            stop_repeating(core, leg);
            abandon_exchanges_of(core, handle);
            retire_leg(core, handle);
        }
    });
}

void add_option_tags(ReplyHeaders& headers, const sipparse::MessageView& response) {
    const auto tags = sipparse::option_tags(response, HeaderId::Supported);
    const bool reliable = tags.has(sipparse::OptionTag::Reliable100);
    const bool timer = tags.has(sipparse::OptionTag::Timer);
    if (reliable || timer) {
        headers.add(HeaderId::Supported,
                    reliable && timer ? "100rel, timer" : (timer ? "timer" : "100rel"));
    }
}

void answer_caller(CoreState& core, Call& call, const sipparse::MessageView& response) {
    auto& caller = *core.legs.get(call.caller_leg);
    stop_repeating(core, caller);
    ReplyHeaders headers;
    headers.add_contact(core.texts.view(caller.contact_user), caller.flow.local);
    headers.add(HeaderId::Allow, kAllowedMethods);
    add_option_tags(headers, response);
    take_session_answer(
        core,
        call,
        {.offered_s = call.session_expires_s, .timer_supported = call.caller_supports_timer},
        response,
        headers);
    headers.add_relayed(response, call.callee);
    reply(core,
          {.transaction = call.invite,
           .head = &call.head,
           .status_code = response.status_code(),
           .reason = response.reason(),
           .to_tag = core.texts.view(caller.local_tag),
           .headers = &headers,
           .body_of = &response});
    call.invite_open = false;
    call.final_status = response.status_code();
}

void answer_callee(CoreState& core, const Call& call, Leg& callee) {
    callee.state = next_state(callee.state, LegEvent::Accept);
    if (!call.invite_has_offer) {
        callee.ack_held = true; // the answer to its offer comes with the caller's ACK
        return;
    }
    callee.state = next_state(callee.state, LegEvent::Ack);
    const auto dialog = view_of(core, callee);
    ack_success(core,
                {.dialog = dialog, .invite = callee.invite_client, .cseq = callee.invite_cseq});
}

void answer_call(CoreState& core, Call& call, LegHandle callee_handle, const ResponseInput& input) {
    const auto& view = input.message.view;
    auto& callee = *core.legs.get(callee_handle);
    const auto caller_handle = callee.peer;
    auto& caller = *core.legs.get(caller_handle);
    call.caller_leg = caller_handle;
    call.callee_leg = callee_handle;
    call.callee = callee.device;
    call.leg_hashes[1] =
        base::siphash(core.attachment.call_id_key, core.texts.view(callee.call_id));
    call.times.answered_ns = core.now.wall_ns;
    core.timers.cancel(call.no_answer_timer);
    core.counters.add(CoreCounter::CallsAnswered);
    take_offer_answer(core, callee, view);
    if (call.invite_has_offer) {
        settle_offer(core, caller);
    }
    cancel_all_attempts(core, call, CancelReason::AnsweredElsewhere);
    forget_other_legs(core, call, callee_handle, caller_handle);
    caller.state = next_state(caller.state, LegEvent::Accept);
    call.state = next_state(call.state, CallEvent::CalleeAnswered);
    answer_caller(core, call, view);
    answer_callee(core, call, callee);
}

} // namespace

void take_success(CoreState& core, AttemptHandle handle, const ResponseInput& response) {
    core.visits.visit(base::Stage::AttemptSuccess);
    const auto call_handle = core.attempts.get(handle)->call;
    auto& call = *core.calls.get(call_handle);
    const auto& view = response.message.view;
    const auto leg = call.state == CallState::Ringing ? pair_for(core, handle, view) : LegHandle{};
    if (!leg.is_set()) {
        end_unwanted(core, response);
        if (call.state == CallState::Ringing) {
            fail_attempt(core, handle, 503);
            return;
        }
        destroy_attempt(core, handle);
        finish_if_drained(core, call_handle);
        return;
    }
    // 13.2.2.4: the route set is computed anew from the 2xx.
    if (!take_dialog_of_response(core, *core.legs.get(leg), view)) {
        core.counters.add(CoreCounter::PoolFullTexts);
    }
    destroy_attempt(core, handle);
    answer_call(core, call, leg, response);
}

} // namespace tandem::controlplane
