// SPDX-License-Identifier: Apache-2.0
//
// Whose offer waits for an answer (RFC 3264), as far as the switch must know to recognise glare
// (RFC 3261 section 14, RFC 3311 section 5.2). Kept once for each pair of dialogs, in the caller's
// leg. SDP itself is never read. Core thread only.
#pragma once

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

// Of the pair the leg belongs to; the leg's own while it has no peer.
inline OfferState& offer_of(CoreState& core, Leg& leg) {
    auto* peer = core.legs.get(leg.peer);
    return leg.side == Side::Caller || peer == nullptr ? leg.offer : peer->offer;
}

// A body left `leg`'s peer where it is an offer, or the answer to one.
inline void take_offer_answer(CoreState& core, Leg& leg, const sipparse::MessageView& message) {
    if (message.body().empty()) {
        return;
    }
    auto& offer = offer_of(core, leg);
    if (offer.outstanding && offer.offerer != leg.side) {
        offer.outstanding = false;
    } else {
        offer = {.outstanding = true, .offerer = leg.side};
    }
}

// What was offered is settled.
inline void settle_offer(CoreState& core, Leg& leg) {
    offer_of(core, leg).outstanding = false;
}

// The offer of `leg`'s peer was refused: it is taken back.
inline void take_back_offer(CoreState& core, Leg& leg) {
    auto& offer = offer_of(core, leg);
    offer.outstanding = offer.outstanding && offer.offerer != leg.side;
}

} // namespace tandem::controlplane
