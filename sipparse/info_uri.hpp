// SPDX-License-Identifier: Apache-2.0
//
// Alert-Info, Call-Info, Error-Info (RFC 3261 20.4, 20.9, 20.18): a URI in angle brackets with
// parameters. One element; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct InfoUri {
    std::string_view uri; // without the brackets
    Params params;

    // Of Call-Info: "icon", "info", "card" and others; empty when absent.
    [[nodiscard]] std::string_view purpose() const noexcept {
        return params.value("purpose").value_or(std::string_view{});
    }
};

[[nodiscard]] std::optional<InfoUri> parse_info_uri(std::string_view element) noexcept;

} // namespace tandem::sipparse
