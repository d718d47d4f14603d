// SPDX-License-Identifier: Apache-2.0
//
// Identity (RFC 8224) and Session-ID (RFC 7989). Neither is verified here. Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct Identity {
    std::string_view digest;    // base64url parts with dots; two dots alone: the compact form
    std::string_view info;      // URI of the certificate, without brackets
    std::string_view algorithm; // "ES256"; empty when absent
    std::string_view type;      // ppt, "shaken", without quotes; empty when absent
    Params params;
};

[[nodiscard]] std::optional<Identity> parse_identity(std::string_view value) noexcept;

struct SessionId {
    std::string_view local;  // 32 lower-case hexadecimal digits
    std::string_view remote; // the same; empty when absent
};

[[nodiscard]] std::optional<SessionId> parse_session_id(std::string_view value) noexcept;

} // namespace tandem::sipparse
