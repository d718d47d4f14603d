// SPDX-License-Identifier: Apache-2.0
//
// Timestamp (RFC 3261 20.38): when a request was sent, by the clock of its sender, and how long
// its answer took. Any thread.
#pragma once

#include <optional>
#include <string_view>

namespace tandem::sipparse {

struct Timestamp {
    std::string_view time;  // a decimal number, as written
    std::string_view delay; // seconds as a decimal number; empty when absent
};

[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view value) noexcept;

} // namespace tandem::sipparse
