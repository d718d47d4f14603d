// SPDX-License-Identifier: Apache-2.0
//
//   Referred-By = ( name-addr / addr-spec ) *( SEMI ( "cid" EQUAL sip-clean-msg-id / generic-param
//   ) ) Refer-Sub   = ( "true" / "false" ) *( SEMI exten )
#include "sipparse/refer.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/token_params.hpp"

namespace tandem::sipparse {

std::optional<ReferredBy> parse_referred_by(std::string_view value) noexcept {
    const auto address = parse_name_addr(value);
    if (!address) {
        return std::nullopt;
    }
    const auto cid = address->params.find("cid");
    if (cid && quoted_string_bytes(cid->value) != cid->value.size()) {
        return std::nullopt;
    }
    return ReferredBy{*address, cid ? cid->value : std::string_view{}};
}

std::optional<bool> parse_refer_sub(std::string_view value) noexcept {
    const auto parsed = parse_token_params(value);
    if (!parsed) {
        return std::nullopt;
    }
    const bool is_true = equals_ignoring_case(parsed->token, "true");
    const bool is_known = is_true || equals_ignoring_case(parsed->token, "false");
    return is_known ? std::optional(is_true) : std::nullopt;
}

} // namespace tandem::sipparse
