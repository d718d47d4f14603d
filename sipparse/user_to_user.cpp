// SPDX-License-Identifier: Apache-2.0
//
//   uui-value  = uui-data *( SEMI uui-param )
//   uui-data   = token / quoted-string
//   uui-param  = "purpose" EQUAL token / "content" EQUAL token / "encoding" EQUAL ( token / "hex" )
//              / generic-param
#include "sipparse/user_to_user.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::optional<UserToUser> parse_user_to_user(std::string_view element) noexcept {
    const std::string_view text = trim(element);
    const std::size_t quoted = quoted_string_bytes(text);
    const std::size_t bytes = quoted != 0 ? quoted : token_bytes(text);
    const std::string_view behind = trim_left(text.substr(bytes));
    UserToUser result;
    result.data = text.substr(0, bytes);
    result.params = Params(behind);
    if (bytes == 0 || (!behind.empty() && behind.front() != ';') || !result.params.well_formed()) {
        return std::nullopt;
    }
    result.purpose = result.params.value("purpose").value_or(std::string_view{});
    result.content = result.params.value("content").value_or(std::string_view{});
    result.encoding = result.params.value("encoding").value_or(std::string_view{});
    return result;
}

} // namespace tandem::sipparse
