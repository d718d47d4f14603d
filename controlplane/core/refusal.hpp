// SPDX-License-Identifier: Apache-2.0
//
// A final refusal that leaves no state behind: what a decision returns instead of its value, to be
// written as the response by the one place that answers (core/answer.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::controlplane {

// Room for the longest header lines of a refusal: two digest challenges of RFC 8760.
constexpr std::size_t kRefusalHeadersBytesMax = 1024;

struct Refusal {
    std::uint16_t status_code = 0;
    std::string_view reason;         // static text: the reason phrase
    std::uint16_t headers_bytes = 0; // complete header lines, each with CRLF
    char headers[kRefusalHeadersBytesMax];

    [[nodiscard]] static Refusal with(std::uint16_t status_code, std::string_view reason) {
        Refusal
            refusal; // NOLINT(cppcoreguidelines-pro-type-member-init): headers are filled on use
        refusal.status_code = status_code;
        refusal.reason = reason;
        refusal.headers_bytes = 0;
        return refusal;
    }

    [[nodiscard]] std::string_view header_lines() const { return {headers, headers_bytes}; }
};

} // namespace tandem::controlplane
