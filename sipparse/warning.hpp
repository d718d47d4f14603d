// SPDX-License-Identifier: Apache-2.0
//
// An element of Warning (RFC 3261 20.43). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::sipparse {

struct Warning {
    std::uint16_t code = 0; // three digits
    std::string_view agent; // host and port, or a pseudonym
    std::string_view text;  // with its quotes
};

[[nodiscard]] std::optional<Warning> parse_warning(std::string_view element) noexcept;

} // namespace tandem::sipparse
