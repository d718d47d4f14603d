// SPDX-License-Identifier: Apache-2.0
//
//   callid = word [ "@" word ]
//   word   = 1*( alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" / "(" / ")"
//          / "<" / ">" / ":" / "\" / DQUOTE / "/" / "[" / "]" / "?" / "{" / "}" )
#include "sipparse/call_id.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

bool is_word(std::string_view text) noexcept {
    constexpr std::string_view kMore = "()<>:\\\"/[]?{}";
    for (const char c : text) {
        if (!is_token_character(c) && kMore.find(c) == std::string_view::npos) {
            return false;
        }
    }
    return !text.empty();
}

} // namespace

bool is_call_id(std::string_view text) noexcept {
    const std::size_t at = text.find('@');
    const bool has_host = at != std::string_view::npos;
    return is_word(text.substr(0, at)) && (!has_host || is_word(text.substr(at + 1)));
}

} // namespace tandem::sipparse
