// SPDX-License-Identifier: Apache-2.0
//
// MIME-Version = 1*DIGIT "." 1*DIGIT
#include "sipparse/mime_version.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::optional<MimeVersion> parse_mime_version(std::string_view value) noexcept {
    constexpr std::uint64_t kNumberMax = 0xffff'ffff;
    const std::string_view text = trim(value);
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) {
        return std::nullopt;
    }
    const auto major_number = parse_number(text.substr(0, dot), kNumberMax);
    const auto minor_number = parse_number(text.substr(dot + 1), kNumberMax);
    if (!major_number || !minor_number) {
        return std::nullopt;
    }
    return MimeVersion{static_cast<std::uint32_t>(*major_number),
                       static_cast<std::uint32_t>(*minor_number)};
}

} // namespace tandem::sipparse
