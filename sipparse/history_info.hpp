// SPDX-License-Identifier: Apache-2.0
//
// Where a request has been: elements of History-Info (RFC 7044) and Diversion (RFC 5806). Any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/name_addr.hpp"

namespace tandem::sipparse {

struct HistoryInfo {
    NameAddr address;       // in angle brackets
    std::string_view index; // "1.2.1"
    std::string_view rc;    // index of the entry whose target became this one; empty when absent
    std::string_view mp;    // the same, the user having changed
    std::string_view np;    // the same, nothing having changed
};

[[nodiscard]] std::optional<HistoryInfo> parse_history_info(std::string_view element) noexcept;

struct Diversion {
    NameAddr address;
    std::string_view reason;              // "user-busy"; empty when absent
    std::optional<std::uint32_t> counter; // diversions this element stands for
    std::optional<std::uint32_t> limit;   // diversions that may follow
    std::string_view privacy;             // "full", "name", "uri", "off"; empty when absent
    std::string_view screen;              // "yes", "no"; empty when absent
};

[[nodiscard]] std::optional<Diversion> parse_diversion(std::string_view element) noexcept;

} // namespace tandem::sipparse
