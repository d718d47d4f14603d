// SPDX-License-Identifier: Apache-2.0
//
// The one way a call ends, whatever the cause: the caller's open INVITE gets its final response,
// attempts are cancelled, exchanges answered, legs left with BYE. The call goes when nothing of it
// is left. Core thread only.
#pragma once

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

struct Ending {
    EndCause cause = EndCause::None;
    std::uint16_t status_code = 487; // for the caller's INVITE when it is still open
    std::string_view reason = "Request Terminated";
    const sipparse::MessageView* refusal = nullptr; // response whose headers and body go along
    std::string_view bye_reason = {};               // value of Reason of our BYEs
    const sipparse::MessageView* bye = nullptr;     // BYE whose headers go along
};

void end_call(CoreState& core, CallHandle call, const Ending& ending);

// Leaves one leg: BYE now, after its ACK, or never, as its state says (RFC 3261 section 15).
void leave_leg(CoreState& core, LegHandle leg, const Ending& ending);
// The peer said BYE; the request is answered by the caller of this function.
void leg_hung_up(CoreState& core, LegHandle leg);
// Our BYE was answered or never will be.
void leg_finished(CoreState& core, LegHandle leg);
// Sends the BYE of a leg that is Leaving.
void send_bye(CoreState& core, LegHandle leg, const Ending& ending);

// The answer of an exchange is not wanted any more: its sender gets `status_code`.
void abandon_exchange(CoreState& core, ExchangeHandle exchange);
void abandon_exchanges_of(CoreState& core, LegHandle leg);

// Ends the call for good when nothing of it is left. The handle may be stale.
void finish_if_drained(CoreState& core, CallHandle call);

// Forgets the call at once, sending nothing: the dataplane is gone, or the ending took too long.
void drop_call(CoreState& core, CallHandle call, EndCause cause);

} // namespace tandem::controlplane
