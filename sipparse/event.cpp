// SPDX-License-Identifier: Apache-2.0
//
//   Event              = event-type *( SEMI event-param )
//   event-type         = event-package *( "." event-template ), of token-nodot each
//   event-param        = generic-param / ( "id" EQUAL token )
//   Subscription-State = substate-value *( SEMI subexp-params )
//   substate-value     = "active" / "pending" / "terminated" / extension
//   subexp-params      = "reason" EQUAL token / "expires" EQUAL delta-seconds
//                      / "retry-after" EQUAL delta-seconds / generic-param
#include "sipparse/event.hpp"

#include <array>

#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/token_params.hpp"

namespace tandem::sipparse {

namespace {

struct NamedState {
    std::string_view name;
    SubscriptionStateValue state;
};

constexpr auto kStates = std::to_array<NamedState>({
    {"active", SubscriptionStateValue::Active},
    {"pending", SubscriptionStateValue::Pending},
    {"terminated", SubscriptionStateValue::Terminated},
});

SubscriptionStateValue state_of(std::string_view text) noexcept {
    for (const NamedState& row : kStates) {
        if (equals_ignoring_case(text, row.name)) {
            return row.state;
        }
    }
    return SubscriptionStateValue::Other;
}

// False: it is there and malformed.
bool take_seconds(const Params& params,
                  std::string_view name,
                  std::optional<std::uint32_t>& out) noexcept {
    const auto text = params.value(name);
    out = text ? parse_delta_seconds(*text) : std::nullopt;
    return text.has_value() == out.has_value();
}

} // namespace

std::optional<Event> parse_event(std::string_view value) noexcept {
    const auto parsed = parse_token_params(value);
    if (!parsed) {
        return std::nullopt;
    }
    Event event;
    event.type = parsed->token;
    event.params = parsed->params;
    const std::size_t dot = event.type.find('.');
    event.package = event.type.substr(0, dot);
    if (dot != std::string_view::npos) {
        event.template_name = event.type.substr(dot + 1);
    }
    const auto id = event.params.find("id");
    event.id = id ? id->value : std::string_view{};
    const bool dots_separate = event.type.back() != '.' && event.type.front() != '.' &&
                               event.type.find("..") == std::string_view::npos;
    const bool well_formed = dots_separate && (!id || is_token(id->value));
    return well_formed ? std::optional(event) : std::nullopt;
}

bool event_equals(const Event& left, const Event& right) noexcept {
    return left.type == right.type && left.id == right.id;
}

std::optional<SubscriptionState> parse_subscription_state(std::string_view value) noexcept {
    const auto parsed = parse_token_params(value);
    if (!parsed) {
        return std::nullopt;
    }
    SubscriptionState result;
    result.state = state_of(parsed->token);
    result.state_text = parsed->token;
    result.params = parsed->params;
    result.reason = result.params.value("reason").value_or(std::string_view{});
    const bool well_formed = take_seconds(result.params, "expires", result.expires_s) &&
                             take_seconds(result.params, "retry-after", result.retry_after_s);
    return well_formed ? std::optional(result) : std::nullopt;
}

} // namespace tandem::sipparse
