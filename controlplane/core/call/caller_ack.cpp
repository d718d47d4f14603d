// SPDX-License-Identifier: Apache-2.0
//
// The caller's ACK completes the call: what waited for it goes now, be it our ACK to a callee that
// made the offer, or our BYE to the caller (RFC 3261 section 15).
#include "controlplane/core/call/ack.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/in_dialog.hpp"
#include "controlplane/core/call/offer.hpp"

namespace tandem::controlplane {

namespace {

void release_callee(CoreState& core, Call& call, const sipparse::MessageView& ack) {
    auto* callee = core.legs.get(call.callee_leg);
    if (callee == nullptr || !callee->ack_held) {
        return;
    }
    callee->ack_held = false;
    callee->state = next_state(callee->state, LegEvent::Ack);
    const auto dialog = view_of(core, *callee);
    ack_success(core,
                {.dialog = dialog,
                 .invite = callee->invite_client,
                 .cseq = callee->invite_cseq,
                 .body_of = &ack});
}

} // namespace

void take_caller_ack(CoreState& core, CallHandle handle, const sipparse::MessageView* ack) {
    core.visits.visit(base::Stage::CallerAck);
    auto& call = *core.calls.get(handle);
    auto* caller = core.legs.get(call.caller_leg);
    if (caller == nullptr) {
        return;
    }
    const auto before = caller->state;
    caller->state = next_state(before, LegEvent::Ack);
    if (before == LegState::LeavingAfterAck) {
        return send_bye(core, call.caller_leg, {});
    }
    if (before != LegState::Accepted) {
        return;
    }
    if (ack == nullptr) {
        // Section 13.3.1.4: a dialog without ACK is ended with BYE.
        return end_call(core,
                        handle,
                        {.cause = EndCause::NoAck, .bye_reason = "SIP;cause=408;text=\"No ACK\""});
    }
    release_callee(core, call, *ack);
    settle_offer(core, *caller);
    call.state = next_state(call.state, CallEvent::CallerAcked);
}

} // namespace tandem::controlplane
