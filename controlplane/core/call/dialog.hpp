// SPDX-License-Identifier: Apache-2.0
//
// A dialog as the writers of requests see it, and the rules of RFC 3261 section 12 that fill it:
// route sets, remote targets, the next hop. Views live as long as the leg, attempt or message they
// were taken from. Core thread only.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

struct DialogView {
    std::string_view call_id;
    std::string_view local_party; // without tag
    std::string_view local_tag;
    std::string_view remote_party;
    std::string_view remote_tag; // empty before the first response
    std::string_view remote_target;
    std::string_view route_set;
    std::string_view contact_user;
    transaction::Flow flow;
};

[[nodiscard]] DialogView view_of(const CoreState& core, const Leg& leg);
[[nodiscard]] DialogView view_of(const CoreState& core, const Attempt& attempt);

// Longer route sets are refused: they would not leave room for the message.
constexpr std::size_t kRouteSetBytesMax = 4096;

enum class RouteOrder : std::uint8_t {
    AsReceived, // we answered the request (12.1.1)
    Reversed,   // the response came to us (12.1.2)
};

// The elements of Record-Route joined by ","; nothing when they do not fit `out`.
[[nodiscard]] std::optional<std::string_view>
collect_route_set(const sipparse::MessageView& message, RouteOrder order, std::span<char> out);

// URI of the first Contact; empty when there is none or it is malformed.
[[nodiscard]] std::string_view contact_uri(const sipparse::MessageView& message);

// Takes the Contact of a target refresh request or its response as the new remote target (12.2).
// Without a Contact, or without room for it, the target stays.
void refresh_target(CoreState& core, Leg& leg, std::string_view uri);

// Where requests of the leg go, from its route set and remote target: the flow stays where the URI
// names no IPv4 address, and where nat-contact chose the source address.
void update_next_hop(CoreState& core, Leg& leg);
[[nodiscard]] std::optional<base::Endpoint> endpoint_of_uri(std::string_view uri);

// Finds the leg a request or response belongs to by Call-ID and both tags.
struct DialogKey {
    std::string_view call_id;
    std::string_view local_tag;
    std::string_view remote_tag;
};

[[nodiscard]] LegHandle find_leg(const CoreState& core, const DialogKey& key);

// The tag of a From or To value; empty when there is none.
[[nodiscard]] std::string_view tag_of(const sipparse::MessageView& message, sipparse::HeaderId id);

} // namespace tandem::controlplane
