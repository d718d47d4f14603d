// SPDX-License-Identifier: Apache-2.0
//
// BYE is answered here and the other leg is left with a BYE of ours (RFC 3261 section 15). Of
// several early dialogs a caller may end one; with the last one the call ends.
#include "controlplane/core/answer.hpp"
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/in_dialog.hpp"
#include "controlplane/core/call/reliable.hpp"
#include "controlplane/core/refuse.hpp"

namespace tandem::controlplane {

namespace {

// Another early dialog of the caller whose callee is still there; not set: none.
LegHandle other_early_dialog(const CoreState& core, const Call& call, LegHandle leaving) {
    for (auto handle = call.legs; const auto* leg = core.legs.get(handle);) {
        const auto* peer = core.legs.get(leg->peer);
        if (handle != leaving && leg->side == Side::Caller && leg->state == LegState::Early &&
            peer != nullptr && peer->state == LegState::Early) {
            return handle;
        }
        handle = leg->next;
    }
    return {};
}

// One callee of several is given up: its INVITE is cancelled when no other dialog of it is left,
// else the answer it may still give finds nobody and gets ACK and BYE.
void leave_early_dialog(CoreState& core, LegHandle caller) {
    const auto callee = core.legs.get(caller)->peer;
    const auto attempt = core.legs.get(callee)->attempt;
    auto& call = *core.calls.get(core.legs.get(caller)->call);
    stop_repeating(core, *core.legs.get(caller));
    abandon_exchanges_of(core, callee);
    leg_hung_up(core, caller);
    retire_leg(core, callee);
    bool attempt_has_dialog = false;
    for_each_in_list(core.legs, call.legs, [&](LegHandle, const Leg& leg) {
        attempt_has_dialog =
            attempt_has_dialog ||
            (leg.side == Side::Callee && leg.attempt == attempt && leg.state == LegState::Early);
    });
    if (!attempt_has_dialog) {
        cancel_attempt(core, attempt, CancelReason::CallOver);
    }
}

void answer_ok(CoreState& core, const RequestInput& request) {
    if (!answer(request, {.status_code = 200, .reason = "OK", .to_tag = {}}, core.effects)) {
        core.counters.add(CoreCounter::MessagesTooLong);
    }
}

} // namespace

void receive_bye(CoreState& core, const RequestInput& request, LegHandle handle) {
    core.visits.visit(base::Stage::ReceiveBye);
    const auto& leg = *core.legs.get(handle);
    const auto call_handle = leg.call;
    auto& call = *core.calls.get(call_handle);
    if (call.state == CallState::Ringing && leg.side == Side::Callee) {
        // Section 15: the callee must not send BYE on an early dialog.
        return refuse_request(core,
                              request,
                              Refusal(481, "Call/Transaction Does Not Exist"),
                              CoreCounter::RefusedUnknownDialog);
    }
    answer_ok(core, request);
    if (call.state == CallState::Ringing) {
        const auto other = other_early_dialog(core, call, handle);
        if (other.is_set() && core.legs.get(leg.peer) != nullptr) {
            if (call.caller_leg == handle) {
                call.caller_leg = other;
            }
            return leave_early_dialog(core, handle);
        }
        return end_call(core, call_handle, {.cause = EndCause::CallerHungUp});
    }
    const auto cause = leg.side == Side::Caller ? EndCause::CallerHungUp : EndCause::CalleeHungUp;
    leg_hung_up(core, handle);
    end_call(core, call_handle, {.cause = cause, .bye = &request.message.view});
}

void cancel_call(CoreState& core, CallHandle handle) {
    core.visits.visit(base::Stage::ReceiveBye);
    const auto* call = core.calls.get(handle);
    // RFC 3261 section 9.2: a CANCEL after the final response changes nothing.
    if (call != nullptr && call->invite_open) {
        end_call(core, handle, {.cause = EndCause::CallerCancelled});
    }
}

} // namespace tandem::controlplane
