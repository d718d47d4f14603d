// SPDX-License-Identifier: Apache-2.0
//
// RAck (RFC 3262 7.2): the RSeq, CSeq number and method of the provisional response that a PRACK
// acknowledges. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/method.hpp"

namespace tandem::sipparse {

struct RAck {
    std::uint32_t rseq = 0;
    std::uint32_t cseq_number = 0;
    Method method = Method::Other;
    std::string_view method_text;
};

[[nodiscard]] std::optional<RAck> parse_rack(std::string_view value) noexcept;

} // namespace tandem::sipparse
