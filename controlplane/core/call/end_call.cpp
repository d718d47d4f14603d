// SPDX-License-Identifier: Apache-2.0
//
// Takes a call apart.
#include "controlplane/core/call/end_call.hpp"

#include "controlplane/core/call/ack.hpp"
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/call_snapshot.hpp"
#include "controlplane/core/call/reliable.hpp"
#include "controlplane/core/call/reply.hpp"

namespace tandem::controlplane {

namespace {

void refuse_caller(CoreState& core, Call& call, const Ending& ending) {
    ReplyHeaders headers;
    if (ending.refusal != nullptr) {
        headers.add_relayed(*ending.refusal, call.callee);
    }
    const auto* leg = core.legs.get(call.caller_leg);
    for_each_in_list(
        core.legs, call.legs, [&](LegHandle, Leg& each) { stop_repeating(core, each); });
    reply(core,
          {.transaction = call.invite,
           .head = &call.head,
           .status_code = ending.status_code,
           .reason = ending.reason,
           .to_tag = leg != nullptr ? core.texts.view(leg->local_tag) : std::string_view{},
           .headers = &headers,
           .body_of = ending.refusal});
    call.invite_open = false;
    call.final_status = ending.status_code;
}

void release_seats(CoreState& core, Call& call) {
    if (call.caller_seat) {
        core.directory.release_call(call.caller);
    }
    if (call.callee_seat) {
        core.directory.release_call(call.callee);
    }
    call.caller_seat = false;
    call.callee_seat = false;
}

void begin_ending(CoreState& core, Call& call, EndCause cause) {
    call.cause = cause;
    call.times.ended_ns = core.now.wall_ns;
    if (call.times.answered_ns == 0) {
        core.counters.add(CoreCounter::CallsFailed);
    }
    --core.calls_live;
    core.timers.cancel(call.no_answer_timer);
    core.timers.cancel(call.session_timer);
    core.timers.arm(call.ending_timer, core.now.monotonic_ns + kEndingNs);
    release_seats(core, call);
}

} // namespace

void end_call(CoreState& core, CallHandle handle, const Ending& ending) {
    core.visits.visit(base::Stage::EndCall);
    auto* call = core.calls.get(handle);
    if (call == nullptr || call->state == CallState::Ending || call->state == CallState::Ended) {
        finish_if_drained(core, handle);
        return;
    }
    call->state = next_state(call->state, CallEvent::HungUp);
    begin_ending(core, *call, ending.cause);
    if (call->invite_open) {
        refuse_caller(core, *call, ending);
    }
    cancel_all_attempts(core, *call, CancelReason::CallOver);
    for_each_in_list(core.exchanges, call->exchanges, [&](ExchangeHandle exchange, Exchange&) {
        abandon_exchange(core, exchange);
    });
    for_each_in_list(
        core.legs, call->legs, [&](LegHandle leg, Leg&) { leave_leg(core, leg, ending); });
    finish_if_drained(core, handle);
}

void finish_if_drained(CoreState& core, CallHandle handle) {
    auto* call = core.calls.get(handle);
    if (call == nullptr || call->state != CallState::Ending ||
        core.legs.get(call->legs) != nullptr || core.attempts.get(call->attempts) != nullptr ||
        core.exchanges.get(call->exchanges) != nullptr) {
        return;
    }
    call->state = next_state(call->state, CallEvent::Drained);
    core.counters.add(CoreCounter::CallsEnded);
    core.ended.add(snapshot_of(core, *call));
    destroy_call(core, handle);
}

void drop_call(CoreState& core, CallHandle handle, EndCause cause) {
    auto* call = core.calls.get(handle);
    if (call == nullptr) {
        return;
    }
    if (call->state != CallState::Ending) {
        call->state = next_state(call->state, CallEvent::HungUp);
        begin_ending(core, *call, cause);
    }
    while (core.exchanges.get(call->exchanges) != nullptr) {
        destroy_exchange(core, call->exchanges);
    }
    while (core.attempts.get(call->attempts) != nullptr) {
        destroy_attempt(core, call->attempts);
    }
    while (core.legs.get(call->legs) != nullptr) {
        destroy_leg(core, call->legs);
    }
    finish_if_drained(core, handle);
}

} // namespace tandem::controlplane
