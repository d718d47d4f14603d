// SPDX-License-Identifier: Apache-2.0
//
// Date (RFC 3261 20.17): the time at which a message was first sent. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::sipparse {

// Seconds since 1970-01-01 00:00:00 UTC. The day of the week must be a name, but is not held
// against the date.
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view value) noexcept;

} // namespace tandem::sipparse
