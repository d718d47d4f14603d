// SPDX-License-Identifier: Apache-2.0
//
// Requests inside a dialog of a call, and what belongs to the caller's INVITE after it: CANCEL, ACK
// and the timeouts of its responses. Core thread only.
#pragma once

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

void receive_in_dialog(CoreState& core, const RequestInput& request);

// PRACK of a reliable provisional response (RFC 3262).
void receive_prack(CoreState& core, const RequestInput& request, LegHandle leg);
void receive_bye(CoreState& core, const RequestInput& request, LegHandle leg);

void cancel_call(CoreState& core, CallHandle call);
// The caller's ACK of the 2xx; nullptr: none came in time.
void take_caller_ack(CoreState& core, CallHandle call, const sipparse::MessageView* ack);

} // namespace tandem::controlplane
