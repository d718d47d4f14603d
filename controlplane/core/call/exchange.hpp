// SPDX-License-Identifier: Apache-2.0
//
// A request inside a dialog, relayed to the other leg, and its answer on the way back. One file per
// verb: relay_request.cpp, exchange_response.cpp, exchange_cancel.cpp, abandon_exchange.cpp.
// What may be relayed when is decided by receive_in_dialog.cpp and glare.cpp. Core thread only.
#pragma once

#include "controlplane/core/call/session_timer.hpp"
#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

struct RelayPlan {
    const RequestInput& request;
    LegHandle from;
    const SessionRequest* session = nullptr;       // INVITE and UPDATE
    const ReliableProvisional* reliable = nullptr; // PRACK: what its RAck names on the other leg
};

// Sends the request on, or refuses it: 481 without a dialog on the other side, 500 with too many
// in flight, 503 when a pool is empty.
void relay_request(CoreState& core, const RelayPlan& plan);

void take_exchange_response(CoreState& core,
                            ExchangeHandle exchange,
                            const ResponseInput& response);
// No response will come: 408 or 503 for the sender; a timeout ends the call (RFC 3261 12.2.1.2).
void fail_exchange(CoreState& core, ExchangeHandle exchange, std::uint16_t status_code);

// The sender cancelled its re-INVITE: the CANCEL follows to the other leg, whose final response is
// the one that counts.
void cancel_exchange(CoreState& core, ExchangeHandle exchange);

// The ACK of a re-INVITE that was accepted; `ack` is nullptr when none came in time.
void take_exchange_ack(CoreState& core, ExchangeHandle exchange, const sipparse::MessageView* ack);

} // namespace tandem::controlplane
