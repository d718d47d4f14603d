// SPDX-License-Identifier: Apache-2.0
//
// An element of User-to-User (RFC 7433): data that user agents hand each other through the call.
// Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct UserToUser {
    std::string_view data;    // a token, hexadecimal by default, or a quoted string with its quotes
    std::string_view purpose; // "isdn-uui"; empty when absent
    std::string_view content; // empty when absent
    std::string_view encoding; // "hex"; empty when absent
    Params params;
};

[[nodiscard]] std::optional<UserToUser> parse_user_to_user(std::string_view element) noexcept;

} // namespace tandem::sipparse
