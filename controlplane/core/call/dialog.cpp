// SPDX-License-Identifier: Apache-2.0
//
// RFC 3261 section 12: what a message tells about the dialog it belongs to.
#include "controlplane/core/call/dialog.hpp"

#include <array>

#include "base/endpoint.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/identifiers.hpp"
#include "controlplane/core/router.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

namespace {

constexpr std::uint16_t kSipPortDefault = 5060; // RFC 3261 section 19.1.2
constexpr std::size_t kRouteElementsMax = 64;   // as many hops as Max-Forwards begins with, nearly

// Does nat-contact keep the requests of this leg on the flow they came from?
bool stays_on_flow(const CoreState& core, const Leg& leg, base::Endpoint wanted) {
    return leg.device.dn &&
           core.directory.dn(*leg.device.dn).range->nat_contact == config::NatContact::Auto &&
           base::is_private(wanted.address) && wanted.address != leg.flow.remote.address;
}

std::string_view uri_of_element(std::string_view element) {
    const auto parsed = sipparse::parse_name_addr(element);
    return parsed ? parsed->uri : std::string_view{};
}

} // namespace

DialogView view_of(const CoreState& core, const Leg& leg) {
    const auto& texts = core.texts;
    return {.call_id = texts.view(leg.call_id),
            .local_party = texts.view(leg.local_party),
            .local_tag = texts.view(leg.local_tag),
            .remote_party = texts.view(leg.remote_party),
            .remote_tag = texts.view(leg.remote_tag),
            .remote_target = texts.view(leg.remote_target),
            .route_set = texts.view(leg.route_set),
            .contact_user = texts.view(leg.contact_user),
            .flow = leg.flow};
}

DialogView view_of(const CoreState& core, const Attempt& attempt) {
    const auto& texts = core.texts;
    return {.call_id = texts.view(attempt.call_id),
            .local_party = texts.view(attempt.local_party),
            .local_tag = texts.view(attempt.local_tag),
            .remote_party = texts.view(attempt.remote_party),
            .remote_tag = {},
            .remote_target = texts.view(attempt.request_uri),
            .route_set = {},
            .contact_user = texts.view(attempt.contact_user),
            .flow = attempt.flow};
}

std::optional<std::string_view>
collect_route_set(const sipparse::MessageView& message, RouteOrder order, std::span<char> out) {
    if (!message.has(sipparse::HeaderId::RecordRoute)) {
        return std::string_view{};
    }
    std::array<std::string_view, kRouteElementsMax> elements;
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (const std::string_view element : message.list(sipparse::HeaderId::RecordRoute)) {
        bytes += element.size() + 1;
        if (count == elements.size() || bytes > out.size()) {
            return std::nullopt;
        }
        elements[count++] = element;
    }
    char* end = out.data();
    for (std::size_t i = 0; i < count; ++i) {
        const auto element = elements[order == RouteOrder::AsReceived ? i : count - 1 - i];
        if (i != 0) {
            *end++ = ',';
        }
        end += element.copy(end, element.size());
    }
    return std::string_view{out.data(), static_cast<std::size_t>(end - out.data())};
}

std::string_view contact_uri(const sipparse::MessageView& message) {
    const auto element = message.find_first(sipparse::HeaderId::Contact);
    return element ? without_uri_headers(uri_of_element(*element)) : std::string_view{};
}

void refresh_target(CoreState& core, Leg& leg, std::string_view uri) {
    if (uri.empty() || uri == core.texts.view(leg.remote_target)) {
        return;
    }
    if (keep_text(core, uri, leg.remote_target)) {
        update_next_hop(core, leg);
    }
}

std::optional<base::Endpoint> endpoint_of_uri(std::string_view uri) {
    const auto parsed = sipparse::parse_sip_uri(uri);
    if (!parsed) {
        return std::nullopt;
    }
    const auto address = base::parse_ipv4(parsed->maddr().empty() ? parsed->host : parsed->maddr());
    if (!address) {
        return std::nullopt;
    }
    return base::Endpoint{.address = *address,
                          .port = parsed->port == 0 ? kSipPortDefault : parsed->port};
}

void update_next_hop(CoreState& core, Leg& leg) {
    const std::string_view routes = core.texts.view(leg.route_set);
    if (!routes.empty()) {
        const auto first = routes.substr(0, sipparse::list_element_bytes(routes));
        if (const auto hop = endpoint_of_uri(uri_of_element(first))) {
            leg.flow.remote = *hop;
        }
        return;
    }
    const auto target = endpoint_of_uri(core.texts.view(leg.remote_target));
    if (target && !stays_on_flow(core, leg, *target)) {
        leg.flow.remote = *target;
    }
}

LegHandle find_leg(const CoreState& core, const DialogKey& key) {
    const auto id = call_id_of_tag(key.local_tag);
    const auto* call = id ? core.calls.get(find_call(core, *id)) : nullptr;
    if (call == nullptr) {
        return {};
    }
    for (auto handle = call->legs; const auto* leg = core.legs.get(handle);) {
        if (leg->state != LegState::Gone && core.texts.view(leg->local_tag) == key.local_tag &&
            core.texts.view(leg->remote_tag) == key.remote_tag &&
            core.texts.view(leg->call_id) == key.call_id) {
            return handle;
        }
        handle = leg->next;
    }
    return {};
}

std::string_view tag_of(const sipparse::MessageView& message, sipparse::HeaderId id) {
    const auto value = message.find(id);
    const auto parsed = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    return parsed ? parsed->tag().value_or(std::string_view{}) : std::string_view{};
}

} // namespace tandem::controlplane
