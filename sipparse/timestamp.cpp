// SPDX-License-Identifier: Apache-2.0
//
//   Timestamp = 1*DIGIT [ "." *DIGIT ] [ LWS delay ]
//   delay     = *DIGIT [ "." *DIGIT ]
#include "sipparse/timestamp.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

std::size_t digits_in_front_of(std::string_view text) noexcept {
    std::size_t bytes = 0;
    while (bytes < text.size() && is_digit(text[bytes])) {
        ++bytes;
    }
    return bytes;
}

// Bytes of the decimal number at the front.
std::size_t decimal_bytes(std::string_view text) noexcept {
    const std::size_t whole = digits_in_front_of(text);
    if (whole == text.size() || text[whole] != '.') {
        return whole;
    }
    return whole + 1 + digits_in_front_of(text.substr(whole + 1));
}

} // namespace

std::optional<Timestamp> parse_timestamp(std::string_view value) noexcept {
    const std::string_view text = trim(value);
    const std::size_t bytes = decimal_bytes(text);
    const std::string_view behind = text.substr(bytes);
    const std::string_view delay = trim_left(behind);
    const bool separated = behind.empty() || delay.size() < behind.size();
    if (text.empty() || !is_digit(text.front()) || !separated ||
        decimal_bytes(delay) != delay.size()) {
        return std::nullopt;
    }
    return Timestamp{text.substr(0, bytes), delay};
}

} // namespace tandem::sipparse
