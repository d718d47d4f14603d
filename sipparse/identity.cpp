// SPDX-License-Identifier: Apache-2.0
//
//   Identity               = signed-identity-digest SEMI ident-info *( SEMI ident-info-params )
//   signed-identity-digest = 1*( base64-char / "." )
//   ident-info             = "info" EQUAL LAQUOT absoluteURI RAQUOT
//   ident-info-params      = "alg" EQUAL token / "ppt" EQUAL ( token / quoted ) / generic-param
//   Session-ID             = sess-uuid *( SEMI ( "remote" EQUAL sess-uuid / generic-param ) )
//   sess-uuid              = 32( DIGIT / %x61-66 )
#include "sipparse/identity.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/sip_uri.hpp"
#include "sipparse/token_params.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::size_t kUuidDigits = 32;

bool is_base64(char c) noexcept {
    return is_alpha(c) || is_digit(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_' ||
           c == '.';
}

std::size_t digest_bytes(std::string_view text) noexcept {
    std::size_t bytes = 0;
    while (bytes < text.size() && is_base64(text[bytes])) {
        ++bytes;
    }
    return bytes;
}

// Takes "<uri>" and what is behind it; empty: there is none.
std::string_view take_uri(std::string_view& text) noexcept {
    const std::size_t close = text.find('>');
    if (text.empty() || text.front() != '<' || close == std::string_view::npos) {
        return {};
    }
    const std::string_view uri = text.substr(1, close - 1);
    text = trim_left(text.substr(close + 1));
    return uri_scheme(uri) != UriScheme::None && is_uri_text(uri) ? uri : std::string_view{};
}

// Takes ";" "info" "=" off the front.
bool take_info(std::string_view& text) noexcept {
    constexpr std::string_view kInfo = "info";
    if (text.empty() || text.front() != ';') {
        return false;
    }
    text = trim_left(text.substr(1));
    if (!equals_ignoring_case(text.substr(0, kInfo.size()), kInfo)) {
        return false;
    }
    text = trim_left(text.substr(kInfo.size()));
    if (text.empty() || text.front() != '=') {
        return false;
    }
    text = trim_left(text.substr(1));
    return true;
}

bool is_uuid(std::string_view text) noexcept {
    for (const char c : text) {
        if (!is_digit(c) && (c < 'a' || c > 'f')) {
            return false;
        }
    }
    return text.size() == kUuidDigits;
}

} // namespace

std::optional<Identity> parse_identity(std::string_view value) noexcept {
    std::string_view text = trim(value);
    Identity result;
    result.digest = text.substr(0, digest_bytes(text));
    text = trim_left(text.substr(result.digest.size()));
    if (result.digest.empty() || !take_info(text)) {
        return std::nullopt;
    }
    result.info = take_uri(text);
    result.params = Params(text);
    if (result.info.empty() || (!text.empty() && text.front() != ';') ||
        !result.params.well_formed()) {
        return std::nullopt;
    }
    result.algorithm = result.params.value("alg").value_or(std::string_view{});
    result.type = without_quotes(result.params.value("ppt").value_or(std::string_view{}));
    return result;
}

std::optional<SessionId> parse_session_id(std::string_view value) noexcept {
    const auto parsed = parse_token_params(value);
    if (!parsed || !is_uuid(parsed->token)) {
        return std::nullopt;
    }
    const auto remote = parsed->params.find("remote");
    if (remote && !is_uuid(remote->value)) {
        return std::nullopt;
    }
    return SessionId{parsed->token, remote ? remote->value : std::string_view{}};
}

} // namespace tandem::sipparse
