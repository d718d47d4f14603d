// SPDX-License-Identifier: Apache-2.0
//
// element = token *( SEMI generic-param )   (RFC 3261 25.1)
#include "sipparse/token_params.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::optional<TokenParams> parse_token_params(std::string_view element) noexcept {
    const std::string_view text = trim(element);
    const std::size_t bytes = token_bytes(text);
    const std::string_view rest = trim_left(text.substr(bytes));
    if (bytes == 0 || (!rest.empty() && rest.front() != ';')) {
        return std::nullopt;
    }
    const Params params(rest);
    if (!params.well_formed()) {
        return std::nullopt;
    }
    return TokenParams{text.substr(0, bytes), params};
}

} // namespace tandem::sipparse
