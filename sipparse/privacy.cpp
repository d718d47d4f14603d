// SPDX-License-Identifier: Apache-2.0
//
//   Privacy-hdr = "Privacy" HCOLON priv-value *( ";" priv-value )
//   priv-value  = "header" / "session" / "user" / "none" / "critical" / token
#include "sipparse/privacy.hpp"

#include <array>

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

constexpr auto kNames = std::to_array<std::string_view>(
    {"header", "session", "user", "none", "critical", "id", "history"});

PrivacyValue value_of(std::string_view text) noexcept {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (equals_ignoring_case(text, kNames[i])) {
            return static_cast<PrivacyValue>(i);
        }
    }
    return PrivacyValue::Unknown;
}

} // namespace

std::optional<PrivacySet> parse_privacy(std::string_view value) noexcept {
    PrivacySet result;
    std::string_view rest = value;
    while (true) {
        const std::size_t end = find_either(rest, ';', ',');
        const std::string_view text = trim(rest.substr(0, end));
        if (!is_token(text)) {
            return std::nullopt;
        }
        result.add(value_of(text));
        if (end == std::string_view::npos) {
            return result;
        }
        rest.remove_prefix(end + 1);
    }
}

} // namespace tandem::sipparse
