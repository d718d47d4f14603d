// SPDX-License-Identifier: Apache-2.0
//
// sip:user:password@host:port;uri-parameters?headers, RFC 3261 19.1.1. The user part may hold ";"
// and "?", so the "@" is looked for first.
#include "sipparse/sip_uri.hpp"

#include <algorithm>
#include <array>

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

// A "%" and two hexadecimal digits.
bool has_whole_escapes(std::string_view text) noexcept {
    for (std::size_t at = text.find('%'); at < text.size(); at = text.find('%', at + 1)) {
        if (at + 2 >= text.size() || hex_digit(text[at + 1]) < 0 || hex_digit(text[at + 2]) < 0) {
            return false;
        }
    }
    return true;
}

// Takes one character off the front, decoded. The text is not empty and its escapes are whole or
// stand for themselves.
char take_decoded(std::string_view& text) noexcept {
    char c = text.front();
    std::size_t bytes = 1;
    if (c == '%' && text.size() >= 3 && hex_digit(text[1]) >= 0 && hex_digit(text[2]) >= 0) {
        c = static_cast<char>(hex_digit(text[1]) * 16 + hex_digit(text[2]));
        bytes = 3;
    }
    text.remove_prefix(bytes);
    return c;
}

enum class Case : std::uint8_t { Counts, Ignored };

bool decoded_equals(std::string_view left, std::string_view right, Case letter_case) noexcept {
    while (!left.empty() && !right.empty()) {
        const char a = take_decoded(left);
        const char b = take_decoded(right);
        if (a != b && (letter_case == Case::Counts || to_lower(a) != to_lower(b))) {
            return false;
        }
    }
    return left.empty() && right.empty();
}

// Names may be escaped ("%6C%72" is "lr"), so Params::find() is not enough.
std::optional<Param> find_decoded(const Params& params, std::string_view name) noexcept {
    for (const Param& param : params) {
        if (decoded_equals(param.name, name, Case::Ignored)) {
            return param;
        }
    }
    return std::nullopt;
}

// Parameters that make two URIs different when only one of them has it (19.1.4).
bool must_be_in_both(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 5> kNames = {
        "user", "ttl", "method", "maddr", "transport"};
    return std::ranges::any_of(kNames, [name](std::string_view candidate) {
        return decoded_equals(name, candidate, Case::Ignored);
    });
}

bool params_agree(const Params& left, const Params& right) noexcept {
    for (const Param& param : left) {
        const auto own =
            find_decoded(left, param.name); // of a name that comes twice the first counts
        const auto other = find_decoded(right, param.name);
        if (other ? !decoded_equals(own->value, other->value, Case::Ignored)
                  : must_be_in_both(param.name)) {
            return false;
        }
    }
    return true;
}

// "user[:password]" before "@".
bool parse_user_info(std::string_view text, SipUri& uri) noexcept {
    const std::size_t colon = text.find(':');
    uri.has_user = true;
    uri.user = text.substr(0, colon);
    if (colon != std::string_view::npos) {
        uri.password = text.substr(colon + 1);
    }
    return !uri.user.empty() && text.find('@') == std::string_view::npos;
}

} // namespace

UriScheme uri_scheme(std::string_view uri) noexcept {
    constexpr std::string_view kMost = "sip:";
    if (uri.starts_with(kMost)) {
        return UriScheme::Sip;
    }
    const std::size_t colon = uri.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_alpha(uri.front())) {
        return UriScheme::None;
    }
    const std::string_view scheme = uri.substr(0, colon);
    for (const char c : scheme) {
        if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') {
            return UriScheme::None;
        }
    }
    if (equals_ignoring_case(scheme, "sip")) {
        return UriScheme::Sip;
    }
    if (equals_ignoring_case(scheme, "sips")) {
        return UriScheme::Sips;
    }
    return equals_ignoring_case(scheme, "tel") ? UriScheme::Tel : UriScheme::Other;
}

std::optional<std::string_view> SipUri::param(std::string_view name) const noexcept {
    const auto found = find_decoded(params, name);
    return found ? std::optional(found->value) : std::nullopt;
}

std::string_view SipUri::transport() const noexcept {
    return param("transport").value_or(std::string_view{});
}

std::string_view SipUri::maddr() const noexcept {
    return param("maddr").value_or(std::string_view{});
}

std::optional<SipUri> parse_sip_uri(std::string_view text) noexcept {
    SipUri uri;
    uri.scheme = uri_scheme(text);
    if ((uri.scheme != UriScheme::Sip && uri.scheme != UriScheme::Sips) || !is_uri_text(text) ||
        !has_whole_escapes(text)) {
        return std::nullopt;
    }
    std::string_view rest = text.substr(text.find(':') + 1);
    const std::size_t at = rest.rfind('@');
    if (at != std::string_view::npos) {
        if (!parse_user_info(rest.substr(0, at), uri)) {
            return std::nullopt;
        }
        rest.remove_prefix(at + 1);
    }
    const std::size_t question = rest.find('?');
    if (question != std::string_view::npos) {
        uri.headers = rest.substr(question + 1);
        rest = rest.substr(0, question);
    }
    const std::size_t semicolon = rest.find(';');
    if (semicolon != std::string_view::npos) {
        uri.params = Params(rest.substr(semicolon));
        rest = rest.substr(0, semicolon);
    }
    const auto host_port = parse_host_port(rest, false);
    if (!host_port || !uri.params.well_formed()) {
        return std::nullopt;
    }
    uri.host = host_port->host;
    uri.port = host_port->port;
    return uri;
}

bool user_equals(std::string_view left, std::string_view right) noexcept {
    return decoded_equals(left, right, Case::Counts);
}

bool uri_equals(const SipUri& left, const SipUri& right) noexcept {
    return left.scheme == right.scheme && left.has_user == right.has_user &&
           user_equals(left.user, right.user) && user_equals(left.password, right.password) &&
           equals_ignoring_case(left.host, right.host) && left.port == right.port &&
           params_agree(left.params, right.params) && params_agree(right.params, left.params) &&
           left.headers == right.headers;
}

} // namespace tandem::sipparse
