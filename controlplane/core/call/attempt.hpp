// SPDX-License-Identifier: Apache-2.0
//
// An attempt: one INVITE to one contact, from sending it to its final response. One file per verb:
// start_attempt.cpp, cancel_attempt.cpp, attempt_provisional.cpp, attempt_success.cpp,
// attempt_failure.cpp. Core thread only.
#pragma once

#include "controlplane/core/call/session_timer.hpp"
#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

struct AttemptPlan {
    const RequestInput& request; // the caller's INVITE
    const SessionRequest& session;
    const Target& target;
};

// Sends the INVITE. False: a pool was full (counted), nothing was sent.
[[nodiscard]] bool start_attempt(CoreState& core, CallHandle call, const AttemptPlan& plan);

enum class CancelReason : std::uint8_t { CallOver, AnsweredElsewhere };

// Sends the CANCEL now, or when a provisional response allows it (RFC 3261 section 9.1).
void cancel_attempt(CoreState& core, AttemptHandle attempt, CancelReason reason);
void cancel_all_attempts(CoreState& core, const Call& call, CancelReason reason);

void take_provisional(CoreState& core, AttemptHandle attempt, const ResponseInput& response);
void take_success(CoreState& core, AttemptHandle attempt, const ResponseInput& response);
void take_failure(CoreState& core, AttemptHandle attempt, const ResponseInput& response);
// No response will come: 408 for a timeout, 503 for a transport failure (RFC 3261 section 8.1.3.1).
void fail_attempt(CoreState& core, AttemptHandle attempt, std::uint16_t status_code);

// The leg pair of an early or new dialog of the attempt; the callee's leg. Not set: no room.
[[nodiscard]] LegHandle
pair_for(CoreState& core, AttemptHandle attempt, const sipparse::MessageView& response);

// Gives the callee leg what the response says of the dialog: route set, remote target.
[[nodiscard]] bool
take_dialog_of_response(CoreState& core, Leg& leg, const sipparse::MessageView& response);

} // namespace tandem::controlplane
