// SPDX-License-Identifier: Apache-2.0
//
//   media-type  = m-type SLASH m-subtype *( SEMI m-parameter )
//   media-range = ( "*/*" / m-type SLASH "*" / m-type SLASH m-subtype ) *( SEMI m-parameter )
//
// White space may stand around the slash (RFC 3261 25.1).
#include "sipparse/media_type.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kAny = "*";

} // namespace

bool MediaType::is(std::string_view wanted_type, std::string_view wanted_subtype) const noexcept {
    return equals_ignoring_case(type, wanted_type) && equals_ignoring_case(subtype, wanted_subtype);
}

bool MediaType::covers(const MediaType& other) const noexcept {
    const bool covers_type = type == kAny || equals_ignoring_case(type, other.type);
    return covers_type && (subtype == kAny || equals_ignoring_case(subtype, other.subtype));
}

std::optional<MediaType> parse_media_range(std::string_view element) noexcept {
    std::string_view text = trim(element);
    MediaType result;
    result.type = text.substr(0, token_bytes(text));
    text = trim_left(text.substr(result.type.size()));
    if (result.type.empty() || text.empty() || text.front() != '/') {
        return std::nullopt;
    }
    text = trim_left(text.substr(1));
    result.subtype = text.substr(0, token_bytes(text));
    text = trim_left(text.substr(result.subtype.size()));
    result.params = Params(text);
    const bool well_formed = !result.subtype.empty() && (text.empty() || text.front() == ';') &&
                             result.params.well_formed() &&
                             (result.type != kAny || result.subtype == kAny);
    return well_formed ? std::optional(result) : std::nullopt;
}

std::optional<MediaType> parse_media_type(std::string_view value) noexcept {
    const auto result = parse_media_range(value);
    return result && result->type != kAny && result->subtype != kAny ? result : std::nullopt;
}

} // namespace tandem::sipparse
