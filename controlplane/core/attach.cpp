// SPDX-License-Identifier: Apache-2.0
//
// The dataplane comes and goes. What was in flight is void with it: calls in set-up end without a
// word, answered calls stay and go on with the next dataplane.
#include <algorithm>
#include <iterator>

#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/offer.hpp"
#include "controlplane/core/receive_other.hpp"
#include "transaction/timers.hpp"

namespace tandem::controlplane {

namespace {

bool survives(const CoreState& core, const Call& call) {
    const auto* callee = core.legs.get(call.callee_leg);
    const bool answered = call.state == CallState::Answered || call.state == CallState::Established;
    return answered && callee != nullptr && !callee->ack_held;
}

// An ACK that was on its way cannot be told from a lost one: a caller that has not got the 2xx
// will not know the dialog, and the session timer or a BYE ends it.
void settle(CoreState& core, Call& call) {
    while (core.exchanges.get(call.exchanges) != nullptr) {
        destroy_exchange(core, call.exchanges);
    }
    while (core.attempts.get(call.attempts) != nullptr) {
        destroy_attempt(core, call.attempts);
    }
    if (auto* caller = core.legs.get(call.caller_leg)) {
        caller->state = next_state(caller->state, LegEvent::Ack);
        caller->reliable.invite = {};
        settle_offer(core, *caller);
    }
    call.state = next_state(call.state, CallEvent::CallerAcked);
    call.invite = {};
    if (auto* callee = core.legs.get(call.callee_leg)) {
        callee->invite_client = {};
        callee->reliable.invite = {};
    }
}

void void_transactions(CoreState& core) {
    core.slots.clear();
    core.calls.for_each([&](CallHandle handle, Call& call) {
        touch(core, handle);
        if (survives(core, call)) {
            settle(core, call);
        } else {
            drop_call(core, handle, EndCause::DataplaneLost);
        }
    });
    core.invites.clear();
}

// Its key proves which late answers are answers to us; see receive_stray().
void remember_life(CoreState& core) {
    const Attachment& gone = core.attachment;
    auto& lives = core.earlier_lives;
    const auto oldest = std::min_element(lives.begin(), lives.end(), [](auto& left, auto& right) {
        return left.until < right.until;
    });
    *oldest = {.owner = gone.owner,
               .branch_key = gone.branch_key,
               .until = core.now.monotonic_ns + transaction::kUnansweredInviteNs};
}

// Notes of the new dataplane name calls with its key.
void rename_in_notes(CoreState& core) {
    core.calls.for_each([&](CallHandle handle, Call& call) {
        touch(core, handle);
        const LegHandle legs[] = {call.caller_leg, call.callee_leg};
        for (std::size_t i = 0; i < std::size(legs); ++i) {
            if (const auto* leg = core.legs.get(legs[i])) {
                call.leg_hashes[i] =
                    base::siphash(core.attachment.call_id_key, core.texts.view(leg->call_id));
            }
        }
    });
}

} // namespace

void attach(CoreState& core, const AttachedInput& attached) {
    void_transactions(core);
    core.counters.add(CoreCounter::DataplaneAttached);
    if (core.attachment.owner.epoch != 0 && core.attachment.owner != attached.owner) {
        remember_life(core);
    }
    core.attachment = {.attached = true,
                       .owner = attached.owner,
                       .branch_key = attached.branch_key,
                       .call_id_key = attached.call_id_key};
    rename_in_notes(core);
}

void detach(CoreState& core) {
    void_transactions(core);
    core.counters.add(CoreCounter::DataplaneDetached);
    core.attachment.attached = false;
}

void receive_slots(CoreState& core, const SlotsInput& slots) {
    for (const auto slot : slots.slots) {
        if (!core.slots.give(slot)) {
            core.counters.add(CoreCounter::SlotsRefused);
        }
    }
}

} // namespace tandem::controlplane
