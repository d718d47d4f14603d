// SPDX-License-Identifier: Apache-2.0
//
// How a leg ends: with our BYE, with the peer's, or without one because no 2xx made it a session.
#include "controlplane/core/call/ack.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/write_request.hpp"

namespace tandem::controlplane {

namespace {

// A callee that still waits for our ACK (late offer) gets it first, without an answer: there will
// be none.
void release_held_ack(CoreState& core, Leg& leg) {
    if (!leg.ack_held) {
        return;
    }
    leg.ack_held = false;
    const auto dialog = view_of(core, leg);
    ack_success(core, {.dialog = dialog, .invite = leg.invite_client, .cseq = leg.invite_cseq});
    leg.state = next_state(leg.state, LegEvent::Ack);
}

} // namespace

void send_bye(CoreState& core, LegHandle handle, const Ending& ending) {
    auto& leg = *core.legs.get(handle);
    const auto slot = take_slot(core, SlotUse::Ending);
    if (!slot.is_set()) {
        leg_finished(core, handle);
        return;
    }
    const auto dialog = view_of(core, leg);
    const BranchText branch(core, slot);
    sipparse::MessageWriter writer(core.effects.message_buffer());
    write_head(
        writer,
        dialog,
        {.method = sipparse::Method::Bye, .cseq = ++leg.local_cseq, .branch = branch.text()});
    if (ending.bye != nullptr) {
        const auto& call = *core.calls.get(leg.call);
        write_relayed_headers(
            writer, *ending.bye, leg.side == Side::Caller ? call.callee : call.caller);
    } else if (!ending.bye_reason.empty()) {
        writer.header(sipparse::HeaderId::Reason, ending.bye_reason);
    }
    writer.no_body();
    const Sending sending{.client = slot,
                          .cancelled = {},
                          .owner = Owner::of(OwnerKind::Leg, handle),
                          .flow = leg.flow};
    if (!send_request(core, writer, sending)) {
        leg_finished(core, handle);
    }
}

void leave_leg(CoreState& core, LegHandle handle, const Ending& ending) {
    core.visits.visit(base::Stage::LeaveLeg);
    auto* leg = core.legs.get(handle);
    if (leg == nullptr) {
        return;
    }
    release_held_ack(core, *leg);
    const auto before = leg->state;
    leg->state = next_state(before, LegEvent::Leave);
    if (leg->state == LegState::Gone) {
        retire_leg(core, handle);
    } else if (leg->state == LegState::Leaving && before != LegState::Leaving) {
        send_bye(core, handle, ending);
    }
}

void leg_hung_up(CoreState& core, LegHandle handle) {
    auto* leg = core.legs.get(handle);
    if (leg == nullptr) {
        return;
    }
    release_held_ack(core, *leg);
    leg->state = next_state(leg->state, LegEvent::PeerBye);
    if (leg->state == LegState::Gone) {
        abandon_exchanges_of(core, handle);
        retire_leg(core, handle);
    }
}

void leg_finished(CoreState& core, LegHandle handle) {
    auto* leg = core.legs.get(handle);
    if (leg == nullptr) {
        return;
    }
    const auto call = leg->call;
    leg->state = next_state(leg->state, LegEvent::Finished);
    if (leg->state == LegState::Gone) {
        retire_leg(core, handle);
        finish_if_drained(core, call);
    }
}

} // namespace tandem::controlplane
