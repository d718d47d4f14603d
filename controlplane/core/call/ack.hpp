// SPDX-License-Identifier: Apache-2.0
//
// The two kinds of ACK: that of a refusal belongs to the transaction (RFC 3261 section 17.1.1.3),
// that of a 2xx is a request of its own (13.2.2.4). Also the way out of a 2xx nobody wants.
// Core thread only.
#pragma once

#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

// ACK of a non-2xx final: same branch, Request-URI and Route as the INVITE, To of the response.
void ack_refusal(CoreState& core,
                 const DialogView& dialog,
                 std::uint32_t cseq,
                 const ResponseInput& response);

struct SuccessAck {
    const DialogView& dialog;
    transaction::ClientHandle invite;
    std::uint32_t cseq = 0;
    const sipparse::MessageView* body_of = nullptr; // the ACK whose body goes on; nullptr = none
};

void ack_success(CoreState& core, const SuccessAck& ack);

// ACK and BYE for a 2xx that makes a dialog nobody wants (13.2.2.4), from the response alone.
void end_unwanted(CoreState& core, const ResponseInput& response);
// ACK alone, for a repeated 2xx of a dialog that has ended.
void ack_unowned(CoreState& core, const ResponseInput& response);

} // namespace tandem::controlplane
