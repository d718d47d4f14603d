// SPDX-License-Identifier: Apache-2.0
//
// Every input but a new request: responses, CANCEL, ACK, timeouts, strays, the coming and going of
// the dataplane, and bindings of an earlier life. Core thread only.
#pragma once

#include "base/timer_wheel.hpp"
#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

void receive_response(CoreState& core, const ResponseInput& response);
void receive_cancel(CoreState& core, const CancelInput& cancel);
void receive_ack(CoreState& core, const AckInput& ack);
void receive_timeout(CoreState& core, const TimeoutInput& timeout);
void receive_stray(CoreState& core, const StrayInput& stray);
void receive_slots(CoreState& core, const SlotsInput& slots);
void attach(CoreState& core, const AttachedInput& attached);
void detach(CoreState& core);
void receive_binding(CoreState& core, const BindingInput& input);

// A timer of a call, an attempt or an exchange is due.
void run_call_timer(CoreState& core, const base::TimerNode& timer);

} // namespace tandem::controlplane
