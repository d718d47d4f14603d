// SPDX-License-Identifier: Apache-2.0
//
// info = LAQUOT absoluteURI RAQUOT *( SEMI generic-param )   (RFC 3261 25.1)
#include "sipparse/info_uri.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::sipparse {

std::optional<InfoUri> parse_info_uri(std::string_view element) noexcept {
    const std::string_view text = trim(element);
    const std::size_t close = text.find('>');
    if (text.empty() || text.front() != '<' || close == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view uri = text.substr(1, close - 1);
    const std::string_view behind = trim_left(text.substr(close + 1));
    const Params params(behind);
    const bool well_formed = uri_scheme(uri) != UriScheme::None && is_uri_text(uri) &&
                             (behind.empty() || behind.front() == ';') && params.well_formed();
    return well_formed ? std::optional(InfoUri{uri, params}) : std::nullopt;
}

} // namespace tandem::sipparse
