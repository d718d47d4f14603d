// SPDX-License-Identifier: Apache-2.0
//
// warning-value = warn-code SP warn-agent SP warn-text, warn-code = 3DIGIT, warn-text = quoted;
// warn-agent is a host with or without port, or a name: anything visible is taken.
#include "sipparse/warning.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::optional<Warning> parse_warning(std::string_view element) noexcept {
    constexpr std::size_t kCodeBytes = 3;
    const std::string_view text = trim(element);
    const std::size_t first = text.find(' ');
    const auto code = parse_number(text.substr(0, first), 999);
    if (first != kCodeBytes || !code) {
        return std::nullopt;
    }
    const std::string_view behind = text.substr(first + 1);
    const std::size_t second = end_of_class<CharacterClass::UriText>(behind);
    if (second == 0 || second == behind.size() || !is_white_space(behind[second])) {
        return std::nullopt;
    }
    const std::string_view quoted = trim_left(behind.substr(second));
    if (quoted.empty() || quoted_string_bytes(quoted) != quoted.size()) {
        return std::nullopt;
    }
    return Warning{static_cast<std::uint16_t>(*code), behind.substr(0, second), quoted};
}

} // namespace tandem::sipparse
