// SPDX-License-Identifier: Apache-2.0
//
// Event and Subscription-State (RFC 6665 8.2). Allow-Events is a list of tokens. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct Event {
    std::string_view type;          // "presence.winfo": package and templates
    std::string_view package;       // "presence"
    std::string_view template_name; // "winfo": all behind the first dot; empty when absent
    std::string_view id;            // empty when absent
    Params params;
};

[[nodiscard]] std::optional<Event> parse_event(std::string_view value) noexcept;

// Same package and templates, and the same id or none (RFC 6665 8.2.1): other parameters do not
// count, and case does.
[[nodiscard]] bool event_equals(const Event& left, const Event& right) noexcept;

enum class SubscriptionStateValue : std::uint8_t { Active, Pending, Terminated, Other };

struct SubscriptionState {
    SubscriptionStateValue state = SubscriptionStateValue::Other;
    std::string_view state_text;                // as written
    std::string_view reason;                    // "timeout"; empty when absent
    std::optional<std::uint32_t> expires_s;     // seconds
    std::optional<std::uint32_t> retry_after_s; // seconds
    Params params;
};

[[nodiscard]] std::optional<SubscriptionState>
parse_subscription_state(std::string_view value) noexcept;

} // namespace tandem::sipparse
