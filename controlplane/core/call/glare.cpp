// SPDX-License-Identifier: Apache-2.0
//
// Judges what is open between two legs when one more INVITE or UPDATE comes.
#include "controlplane/core/call/glare.hpp"

#include "controlplane/core/call/offer.hpp"
#include "controlplane/core/refuse.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::Method;

enum class Crossing : std::uint8_t { None, Ours, Theirs };

Refusal pending() {
    return {491, "Request Pending"};
}

// An INVITE transaction open on this leg: the one that makes the call, or a re-INVITE.
Crossing open_invite(const CoreState& core, const Call& call, LegHandle handle, const Leg& leg) {
    if (leg.side == Side::Caller && call.invite_open) {
        return Crossing::Theirs;
    }
    if (leg.side == Side::Callee && leg.state != LegState::Confirmed) {
        return Crossing::Ours;
    }
    const auto* caller = core.legs.get(call.caller_leg);
    if (leg.side == Side::Callee && caller != nullptr && caller->state == LegState::Accepted) {
        return Crossing::Ours; // towards the caller: its ACK is missing
    }
    for (auto at = call.exchanges; const auto* exchange = core.exchanges.get(at);) {
        if (exchange->method == Method::Invite && exchange->from == handle) {
            return Crossing::Theirs;
        }
        if (exchange->method == Method::Invite && exchange->to == handle) {
            return Crossing::Ours;
        }
        at = exchange->next;
    }
    return Crossing::None;
}

bool has_open_update(const CoreState& core, const Call& call, LegHandle handle) {
    for (auto at = call.exchanges; const auto* exchange = core.exchanges.get(at);) {
        if (exchange->method == Method::Update && exchange->from == handle) {
            return true;
        }
        at = exchange->next;
    }
    return false;
}

Crossing open_offer(CoreState& core, Leg& leg) {
    const auto& offer = offer_of(core, leg);
    if (!offer.outstanding) {
        return Crossing::None;
    }
    return offer.offerer == leg.side ? Crossing::Theirs : Crossing::Ours;
}

} // namespace

std::optional<Refusal>
refuse_crossing(CoreState& core, LegHandle handle, const sipparse::MessageView& request) {
    auto& leg = *core.legs.get(handle);
    const auto& call = *core.calls.get(leg.call);
    Crossing crossing = Crossing::None;
    if (request.method() == Method::Invite) {
        crossing = open_invite(core, call, handle, leg);
        crossing = crossing == Crossing::None ? open_offer(core, leg) : crossing;
    } else if (has_open_update(core, call, handle)) {
        crossing = Crossing::Theirs;
    } else if (!request.body().empty()) {
        crossing = open_offer(core, leg);
    }
    switch (crossing) {
    case Crossing::None:
        return std::nullopt;
    case Crossing::Ours:
        return pending();
    case Crossing::Theirs:
        break;
    }
    return retry_later(core, "Request Pending");
}

} // namespace tandem::controlplane
