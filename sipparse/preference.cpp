// SPDX-License-Identifier: Apache-2.0
//
//   qvalue   = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
//   encoding = ( content-coding / "*" ) *( SEMI accept-param )
//   language = language-range *( SEMI accept-param )
//
// Codings and ranges are tokens, and so is "*" (RFC 3261 25.1).
#include "sipparse/preference.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/token_params.hpp"

namespace tandem::sipparse {

std::optional<std::uint16_t> parse_quality(std::string_view text) noexcept {
    constexpr std::size_t kFractionMax = 3;
    if (text.empty() || (text.front() != '0' && text.front() != '1')) {
        return std::nullopt;
    }
    unsigned quality = text.front() == '1' ? kQualityMax : 0;
    text.remove_prefix(1);
    if (text.empty()) {
        return static_cast<std::uint16_t>(quality);
    }
    if (text.front() != '.' || text.size() > kFractionMax + 1) {
        return std::nullopt;
    }
    unsigned place = kQualityMax / 10;
    for (const char c : text.substr(1)) {
        if (!is_digit(c)) {
            return std::nullopt;
        }
        quality += static_cast<unsigned>(c - '0') * place;
        place /= 10;
    }
    return quality <= kQualityMax ? std::optional(static_cast<std::uint16_t>(quality))
                                  : std::nullopt;
}

std::optional<std::uint16_t> quality_of(const Params& params) noexcept {
    const auto text = params.value("q");
    return text ? parse_quality(*text) : std::optional(kQualityMax);
}

std::optional<Preference> parse_preference(std::string_view element) noexcept {
    const auto parsed = parse_token_params(element);
    const auto quality = parsed ? quality_of(parsed->params) : std::nullopt;
    if (!quality) {
        return std::nullopt;
    }
    return Preference{parsed->token, *quality, parsed->params};
}

} // namespace tandem::sipparse
