// SPDX-License-Identifier: Apache-2.0
//
// RFC 3261 section 9.1: a CANCEL waits for a provisional response, and an INVITE that gets no final
// response within 64*T1 after its CANCEL is given up.
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/cancel.hpp"

namespace tandem::controlplane {

namespace {

constexpr std::string_view kElsewhere = "SIP;cause=200;text=\"Call completed elsewhere\"";

} // namespace

void cancel_attempt(CoreState& core, AttemptHandle handle, CancelReason reason) {
    core.visits.visit(base::Stage::CancelAttempt);
    auto* attempt = core.attempts.get(handle);
    if (attempt == nullptr) {
        return;
    }
    const auto before = attempt->state;
    attempt->state = next_state(before, AttemptEvent::Cancel);
    if (attempt->state == before) {
        return;
    }
    attempt->elsewhere = reason == CancelReason::AnsweredElsewhere;
    core.timers.arm(attempt->give_up_timer, core.now.monotonic_ns + kGiveUpNs);
    if (attempt->state == AttemptState::Cancelling) {
        const auto dialog = view_of(core, *attempt);
        send_cancel(core,
                    {.dialog = dialog,
                     .invite = attempt->client,
                     .cseq = attempt->cseq,
                     .reason = attempt->elsewhere ? kElsewhere : std::string_view{}});
    }
}

void cancel_all_attempts(CoreState& core, const Call& call, CancelReason reason) {
    for_each_in_list(core.attempts, call.attempts, [&](AttemptHandle handle, Attempt&) {
        cancel_attempt(core, handle, reason);
    });
}

} // namespace tandem::controlplane
