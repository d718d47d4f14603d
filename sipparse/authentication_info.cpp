// SPDX-License-Identifier: Apache-2.0
//
//   Authentication-Info = ainfo *( COMMA ainfo )
//   ainfo               = nextnonce / message-qop / response-auth / cnonce / nonce-count
#include "sipparse/authentication_info.hpp"

#include <array>

#include "sipparse/lexical.hpp"
#include "sipparse/list_values.hpp"

namespace tandem::sipparse {

namespace {

struct Field {
    std::string_view name;
    std::string_view AuthenticationInfo::*member;
};

constexpr std::array kFields = std::to_array<Field>({
    {"nextnonce", &AuthenticationInfo::next_nonce},
    {"qop", &AuthenticationInfo::qop},
    {"rspauth", &AuthenticationInfo::response},
    {"cnonce", &AuthenticationInfo::cnonce},
    {"nc", &AuthenticationInfo::nc_text},
});

bool store(std::string_view name, std::string_view value, AuthenticationInfo& out) noexcept {
    for (const Field& field : kFields) {
        if (equals_ignoring_case(name, field.name)) {
            const bool first = (out.*field.member).empty();
            out.*field.member = value;
            return first;
        }
    }
    return false;
}

// name "=" ( token / quoted-string )
bool take(std::string_view element, AuthenticationInfo& out) noexcept {
    const std::size_t name_bytes = token_bytes(element);
    const std::string_view rest = trim_left(element.substr(name_bytes));
    if (name_bytes == 0 || rest.empty() || rest.front() != '=') {
        return false;
    }
    const std::string_view value = trim_left(rest.substr(1));
    const bool usable =
        is_token(value) || (!value.empty() && quoted_string_bytes(value) == value.size());
    return usable && store(element.substr(0, name_bytes), value, out);
}

} // namespace

std::optional<AuthenticationInfo> parse_authentication_info(std::string_view value) noexcept {
    AuthenticationInfo result;
    bool has_one = false;
    for (const std::string_view element : ListValues(value)) {
        has_one = true;
        if (!take(element, result)) {
            return std::nullopt;
        }
    }
    return has_one ? std::optional(result) : std::nullopt;
}

} // namespace tandem::sipparse
