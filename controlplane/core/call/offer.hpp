// SPDX-License-Identifier: Apache-2.0
//
// Whose offer waits for an answer (RFC 3264), as far as the switch must know to recognise glare
// (RFC 3261 section 14, RFC 3311 section 5.2). SDP itself is never read. Core thread only.
#pragma once

#include "controlplane/core/call/call.hpp"
#include "sipparse/message_view.hpp"

namespace tandem::controlplane {

// A body went from `side` to the other one where it is an offer, or the answer to one.
inline void take_offer_answer(Call& call, Side side, const sipparse::MessageView& message) {
    if (message.body().empty()) {
        return;
    }
    if (call.offer_outstanding && call.offerer != side) {
        call.offer_outstanding = false;
    } else {
        call.offer_outstanding = true;
        call.offerer = side;
    }
}

// What was offered is settled or taken back.
inline void settle_offer(Call& call) {
    call.offer_outstanding = false;
}

} // namespace tandem::controlplane
