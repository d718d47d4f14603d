// SPDX-License-Identifier: Apache-2.0
//
// Headers whose value is one number.
#include "sipparse/integer_header.hpp"

#include "sipparse/cseq.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::optional<std::uint8_t> parse_max_forwards(std::string_view value) noexcept {
    const auto number = parse_number(value, kMaxForwardsMax);
    return number ? std::optional(static_cast<std::uint8_t>(*number)) : std::nullopt;
}

std::optional<std::uint32_t> parse_content_length(std::string_view value) noexcept {
    const auto number = parse_number(value, kContentLengthMax);
    return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

std::optional<std::uint32_t> parse_delta_seconds(std::string_view value) noexcept {
    for (const char c : value) {
        if (!is_digit(c)) {
            return std::nullopt;
        }
    }
    if (value.empty()) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(
        parse_number(value, kDeltaSecondsMax).value_or(kDeltaSecondsMax));
}

std::optional<std::uint32_t> parse_leading_delta_seconds(std::string_view value) noexcept {
    const std::string_view text = trim_left(value);
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) {
        ++digits;
    }
    std::string_view behind = text;
    behind.remove_prefix(digits);
    behind = trim_left(behind);
    const bool ends = behind.empty() || behind.front() == ';' || behind.front() == '(';
    return ends ? parse_delta_seconds(text.substr(0, digits)) : std::nullopt;
}

std::optional<std::uint32_t> parse_rseq(std::string_view value) noexcept {
    // RFC 3262 7.1 gives responses 32 bits, section 3 keeps them below 2^31 like CSeq.
    const auto number = parse_number(value, kCSeqNumberMax);
    return number && *number > 0 ? std::optional(static_cast<std::uint32_t>(*number))
                                 : std::nullopt;
}

} // namespace tandem::sipparse
