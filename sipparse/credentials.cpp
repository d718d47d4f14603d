// SPDX-License-Identifier: Apache-2.0
//
// Digest: "Digest" LWS name "=" value *( "," name "=" value ). Where each parameter goes is one
// table.
#include "sipparse/credentials.hpp"

#include <array>
#include <cstddef>

#include "sipparse/list_values.hpp"

namespace tandem::sipparse {

namespace {

struct Field {
    std::string_view name;
    std::string_view DigestParams::*member;
};

constexpr std::array kFields = std::to_array<Field>({
    {"username", &DigestParams::username},
    {"realm", &DigestParams::realm},
    {"nonce", &DigestParams::nonce},
    {"uri", &DigestParams::uri},
    {"response", &DigestParams::response},
    {"algorithm", &DigestParams::algorithm_text},
    {"cnonce", &DigestParams::cnonce},
    {"opaque", &DigestParams::opaque},
    {"qop", &DigestParams::qop},
    {"nc", &DigestParams::nc_text},
    {"stale", &DigestParams::stale},
});

struct NamedAlgorithm {
    std::string_view name;
    DigestAlgorithm algorithm;
};

constexpr std::array kAlgorithms = std::to_array<NamedAlgorithm>({
    {"", DigestAlgorithm::Md5},
    {"MD5", DigestAlgorithm::Md5},
    {"MD5-sess", DigestAlgorithm::Md5Sess},
    {"SHA-256", DigestAlgorithm::Sha256},
    {"SHA-256-sess", DigestAlgorithm::Sha256Sess},
});

constexpr std::string_view kScheme = "Digest";

// False: a parameter the table knows comes twice.
bool store(std::string_view name, std::string_view value, DigestParams& params) noexcept {
    for (const Field& field : kFields) {
        if (equals_ignoring_case(name, field.name)) {
            const bool first = (params.*field.member).data() == nullptr;
            params.*field.member = value;
            return first;
        }
    }
    return true;
}

// name "=" ( token / quoted-string )
bool parse_param(std::string_view element, DigestParams& params) noexcept {
    const std::size_t name_bytes = token_bytes(element);
    const std::string_view rest = trim_left(element.substr(name_bytes));
    if (name_bytes == 0 || rest.empty() || rest.front() != '=') {
        return false;
    }
    const std::string_view value = trim_left(rest.substr(1));
    const bool usable =
        is_token(value) || (!value.empty() && quoted_string_bytes(value) == value.size());
    return usable && store(element.substr(0, name_bytes), value, params);
}

DigestAlgorithm algorithm_of(std::string_view text) noexcept {
    for (const NamedAlgorithm& row : kAlgorithms) {
        if (equals_ignoring_case(text, row.name)) {
            return row.algorithm;
        }
    }
    return DigestAlgorithm::Unknown;
}

// nc-value = 8LHEX
bool parse_nonce_count(std::string_view text, std::uint32_t& out) noexcept {
    constexpr std::size_t kDigits = 8;
    if (text.size() != kDigits) {
        return false;
    }
    std::uint32_t number = 0;
    for (const char c : text) {
        const int digit = hex_digit(c);
        if (digit < 0) {
            return false;
        }
        number = number * 16 + static_cast<std::uint32_t>(digit);
    }
    out = number;
    return true;
}

} // namespace

bool is_digest(std::string_view value) noexcept {
    const std::string_view text = trim_left(value);
    return equals_ignoring_case(text.substr(0, token_bytes(text)), kScheme);
}

std::optional<DigestParams> parse_digest(std::string_view value) noexcept {
    if (!is_digest(value)) {
        return std::nullopt;
    }
    DigestParams params;
    const std::string_view list = trim_left(value).substr(kScheme.size());
    if (list.empty() || !is_white_space(list.front())) {
        return std::nullopt;
    }
    for (const std::string_view element : ListValues(list)) {
        if (!parse_param(element, params)) {
            return std::nullopt;
        }
    }
    params.algorithm = algorithm_of(without_quotes(params.algorithm_text));
    if (!params.nc_text.empty() &&
        !parse_nonce_count(without_quotes(params.nc_text), params.nonce_count)) {
        return std::nullopt;
    }
    return params;
}

bool has_answer(const DigestParams& params) noexcept {
    const bool complete = !params.username.empty() && !params.realm.empty() &&
                          !params.nonce.empty() && !params.uri.empty() && !params.response.empty();
    const bool counted = params.qop.empty() || (!params.cnonce.empty() && !params.nc_text.empty());
    return complete && counted;
}

} // namespace tandem::sipparse
