// SPDX-License-Identifier: Apache-2.0
//
// An element of Reason (RFC 3326): why a request was sent, by SIP status or by Q.850 cause. Any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct Reason {
    std::string_view protocol;          // "SIP", "Q.850"
    std::optional<std::uint16_t> cause; // 486, 16
    std::string_view text;              // with its quotes; empty when absent
    Params params;

    [[nodiscard]] bool is_sip() const noexcept;
    [[nodiscard]] bool is_q850() const noexcept;
};

[[nodiscard]] std::optional<Reason> parse_reason(std::string_view element) noexcept;

} // namespace tandem::sipparse
