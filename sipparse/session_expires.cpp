// SPDX-License-Identifier: Apache-2.0
//
// Session-Expires: delta-seconds *( ";" param ).
#include "sipparse/session_expires.hpp"

#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/params.hpp"

namespace tandem::sipparse {

std::optional<SessionExpires> parse_session_expires(std::string_view value) noexcept {
    const std::size_t semicolon = value.find(';');
    const auto interval = parse_delta_seconds(trim(value.substr(0, semicolon)));
    if (!interval) {
        return std::nullopt;
    }
    SessionExpires result{.interval_s = *interval};
    if (semicolon == std::string_view::npos) {
        return result;
    }
    const Params params(value.substr(semicolon));
    if (!params.well_formed()) {
        return std::nullopt;
    }
    const auto refresher = params.value("refresher");
    if (!refresher) {
        return result;
    }
    if (equals_ignoring_case(*refresher, "uac")) {
        result.refresher = Refresher::Uac;
    } else if (equals_ignoring_case(*refresher, "uas")) {
        result.refresher = Refresher::Uas;
    } else {
        return std::nullopt;
    }
    return result;
}

} // namespace tandem::sipparse
