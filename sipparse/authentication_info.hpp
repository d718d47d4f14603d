// SPDX-License-Identifier: Apache-2.0
//
// Authentication-Info (RFC 3261 20.6): what a server says after a good answer. Texts are as
// written, with quotes where the message has them, empty when absent. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::sipparse {

struct AuthenticationInfo {
    std::string_view next_nonce;
    std::string_view qop;
    std::string_view response; // rspauth
    std::string_view cnonce;
    std::string_view nc_text;
};

// One of these that comes twice, or another one, refuses it.
[[nodiscard]] std::optional<AuthenticationInfo>
parse_authentication_info(std::string_view value) noexcept;

} // namespace tandem::sipparse
