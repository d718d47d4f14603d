// SPDX-License-Identifier: Apache-2.0
//
// An element of Resource-Priority or Accept-Resource-Priority (RFC 4412 3.1). Any thread.
#pragma once

#include <optional>
#include <string_view>

namespace tandem::sipparse {

struct ResourceValue {
    std::string_view name_space; // "wps"
    std::string_view priority;   // "3"
};

[[nodiscard]] std::optional<ResourceValue> parse_resource_value(std::string_view element) noexcept;

} // namespace tandem::sipparse
