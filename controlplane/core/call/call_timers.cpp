// SPDX-License-Identifier: Apache-2.0
//
// What happens when nothing happens: nobody answers, nobody refreshes, a cancelled INVITE stays
// without final response, an ending does not end.
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/exchange.hpp"
#include "controlplane/core/receive_other.hpp"

namespace tandem::controlplane {

namespace {

void nobody_answered(CoreState& core, CallHandle call) {
    touch(core, call);
    core.counters.add(CoreCounter::RingTimeouts);
    end_call(
        core,
        call,
        {.cause = EndCause::NoAnswer, .status_code = 480, .reason = "Temporarily Unavailable"});
}

void session_expired(CoreState& core, CallHandle call) {
    touch(core, call);
    core.counters.add(CoreCounter::SessionsExpired);
    end_call(core,
             call,
             {.cause = EndCause::SessionExpired,
              .bye_reason = "SIP;cause=408;text=\"Session expired\""});
}

void ending_took_too_long(CoreState& core, CallHandle call) {
    touch(core, call);
    core.counters.add(CoreCounter::EndingsForced);
    drop_call(core, call, EndCause::None);
}

void give_up_attempt(CoreState& core, AttemptHandle handle) {
    // The call may still ring: it was a 6xx or the caller's BYE to one dialog that cancelled it.
    if (const auto* attempt = core.attempts.get(handle)) {
        touch(core, attempt->call);
        fail_attempt(core, handle, 408);
    }
}

void give_up_exchange(CoreState& core, ExchangeHandle handle) {
    if (const auto* exchange = core.exchanges.get(handle)) {
        touch(core, exchange->call);
        fail_exchange(core, handle, 487);
    }
}

} // namespace

void run_call_timer(CoreState& core, const base::TimerNode& timer) {
    switch (static_cast<CallTimer>(timer.kind)) {
    case CallTimer::NoAnswer:
        return nobody_answered(core, CallHandle::unpack(timer.owner));
    case CallTimer::Session:
        return session_expired(core, CallHandle::unpack(timer.owner));
    case CallTimer::Ending:
        return ending_took_too_long(core, CallHandle::unpack(timer.owner));
    case CallTimer::AttemptGiveUp:
        return give_up_attempt(core, AttemptHandle::unpack(timer.owner));
    case CallTimer::ExchangeGiveUp:
        return give_up_exchange(core, ExchangeHandle::unpack(timer.owner));
    }
}

} // namespace tandem::controlplane
