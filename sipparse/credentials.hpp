// SPDX-License-Identifier: Apache-2.0
//
// Digest credentials and challenges (RFC 3261 20.7, 20.27, 20.28, 20.44; RFC 8760): the parameters
// of Authorization, Proxy-Authorization, WWW-Authenticate and Proxy-Authenticate as views. Quoted
// strings keep their escapes; compare with quoted_equals(). Computes no digest. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

enum class DigestAlgorithm : std::uint8_t {
    Md5, // also when the parameter is absent
    Md5Sess,
    Sha256,
    Sha256Sess,
    Unknown,
};

// Texts are as written: with quotes where the message has them, empty when absent. A parameter
// that comes twice is refused.
struct DigestParams {
    std::string_view username;
    std::string_view realm;
    std::string_view nonce;
    std::string_view uri;
    std::string_view response;
    std::string_view algorithm_text;
    std::string_view cnonce;
    std::string_view opaque;
    std::string_view qop; // credentials: one token; challenge: a quoted list
    std::string_view nc_text;
    std::string_view stale;
    DigestAlgorithm algorithm = DigestAlgorithm::Md5;
    std::uint32_t nonce_count = 0; // nc as a number; 0 when absent
};

// First word of the value: "Digest".
[[nodiscard]] bool is_digest(std::string_view value) noexcept;

// Nothing when the scheme is not Digest or the parameters are malformed. Which parameters must be
// there is the caller's rule: see has_answer.
[[nodiscard]] std::optional<DigestParams> parse_digest(std::string_view value) noexcept;

// username, realm, nonce, uri and response are there, and with qop also cnonce and nc.
[[nodiscard]] bool has_answer(const DigestParams& params) noexcept;

} // namespace tandem::sipparse
