// SPDX-License-Identifier: Apache-2.0
//
// Is a message of the switch what it must be? One function per kind of message, each compares every
// part RFC 3261 fixes and says the first that is wrong. It knows the call only; what may come now
// is the states' business. Uses sipparse to read and nothing else of the node. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "bench/load/call.hpp"
#include "bench/load/fault.hpp"
#include "bench/load/frame.hpp"
#include "bench/load/write_message.hpp"
#include "sipparse/message_view.hpp"

namespace tandem::bench::load {

// A message as it arrived.
struct Arrival {
    Place source;
    Place destination;
    const sipparse::MessageView& view;
};

// Responses to the caller's INVITE: 100, 180 or 200. A provisional fixes the To tag, later ones
// have the same.
[[nodiscard]] Fault check_invite_response(const Call& call, const Arrival& arrival);

// The INVITE the switch sends to the callee.
[[nodiscard]] Fault check_invite(const Call& call, const Arrival& arrival);
// The switch's ACK, to the callee.
[[nodiscard]] Fault check_ack(const Call& call, const Arrival& arrival);
// The switch's BYE, to that side.
[[nodiscard]] Fault check_bye(const Call& call, Side side, const Arrival& arrival);
// The 200 to that side's BYE.
[[nodiscard]] Fault check_bye_response(const Call& call, Side side, const Arrival& arrival);

[[nodiscard]] Fault check_register_response(const Registration& registration,
                                            const Arrival& arrival);

// URI of the only Contact; empty when there is none or it is no name-addr.
[[nodiscard]] std::string_view contact_uri(const sipparse::MessageView& view);
// Tag of From or To; empty when there is none.
[[nodiscard]] std::string_view tag_of(const sipparse::MessageView& view, sipparse::HeaderId id);

} // namespace tandem::bench::load
