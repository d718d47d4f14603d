// SPDX-License-Identifier: Apache-2.0
//
// Retry-After (RFC 3261 20.33). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct RetryAfter {
    std::uint32_t delay_s = 0;               // seconds from now
    std::string_view comment;                // with its parentheses; empty when absent
    std::optional<std::uint32_t> duration_s; // how long the callee will then be there
    Params params;
};

[[nodiscard]] std::optional<RetryAfter> parse_retry_after(std::string_view value) noexcept;

} // namespace tandem::sipparse
