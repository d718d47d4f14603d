// SPDX-License-Identifier: Apache-2.0
//
// sip:user:password@host:port;uri-parameters?headers, RFC 3261 19.1.1. The user part may hold ";"
// and "?", so the "@" is looked for first.
#include "sipparse/sip_uri.hpp"

#include <algorithm>
#include <array>

#include "sipparse/lexical.hpp"
#include "sipparse/uri_parts.hpp"

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

struct Character {
    char value;
    bool is_escaped;
};

// Takes one character off the front, decoded. The text is not empty and its escapes are whole or
// stand for themselves.
Character take_character(std::string_view& text) noexcept {
    Character character{.value = text.front(), .is_escaped = false};
    std::size_t bytes = 1;
    if (text.front() == '%' && text.size() >= 3 && hex_digit(text[1]) >= 0 &&
        hex_digit(text[2]) >= 0) {
        character = {.value = static_cast<char>(hex_digit(text[1]) * 16 + hex_digit(text[2])),
                     .is_escaped = true};
        bytes = 3;
    }
    text.remove_prefix(bytes);
    return character;
}

// What an escape does not stand for when URIs are compared (19.1.4; RFC 2396 2.2).
bool is_reserved(char c) noexcept {
    return std::string_view(";/?:@&=+$,").find(c) != std::string_view::npos;
}

struct TextRule {
    bool case_counts;
    bool reserved_apart; // an escaped character of the reserved set is not the bare one
};

constexpr TextRule kDecoded{.case_counts = true, .reserved_apart = false};
constexpr TextRule kDecodedName{.case_counts = false, .reserved_apart = false};
constexpr TextRule kEquivalent{.case_counts = true, .reserved_apart = true};
constexpr TextRule kEquivalentAnyCase{.case_counts = false, .reserved_apart = true};

bool same(Character left, Character right, const TextRule& rule) noexcept {
    if (rule.reserved_apart && left.is_escaped != right.is_escaped && is_reserved(left.value)) {
        return false;
    }
    return left.value == right.value ||
           (!rule.case_counts && to_lower(left.value) == to_lower(right.value));
}

bool text_equals(std::string_view left, std::string_view right, const TextRule& rule) noexcept {
    while (!left.empty() && !right.empty()) {
        if (!same(take_character(left), take_character(right), rule)) {
            return false;
        }
    }
    return left.empty() && right.empty();
}

// Names may be escaped ("%6C%72" is "lr"), so Params::find() is not enough. Of a name that comes
// twice the first counts.
template <typename Parts>
std::optional<Param>
find_decoded(const Parts& params, std::string_view name, const TextRule& rule) noexcept {
    for (const Param& param : params) {
        if (text_equals(param.name, name, rule)) {
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
        return text_equals(name, candidate, kDecodedName);
    });
}

bool covers(const UriParts& left, const UriParts& right) noexcept {
    return std::ranges::all_of(left, [&](const Param& param) {
        const auto own = find_decoded(left, param.name, kEquivalentAnyCase);
        const auto other = find_decoded(right, param.name, kEquivalentAnyCase);
        return other ? text_equals(own->value, other->value, kEquivalentAnyCase)
                     : !must_be_in_both(param.name);
    });
}

bool params_agree(const Params& left, const Params& right) noexcept {
    const UriParts a(left);
    const UriParts b(right);
    return !a.too_many() && !b.too_many() && covers(a, b) && covers(b, a);
}

// Takes the text up to the mark off the front, and the mark.
std::string_view take_up_to(char mark, std::string_view& text) noexcept {
    const std::string_view part = text.substr(0, text.find(mark));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

// "name=value" between "&", as many as there is room for, and whatever else stands there.
UriParts headers_of(std::string_view text) noexcept {
    UriParts headers;
    bool has_more = !text.empty();
    while (has_more && !headers.too_many()) {
        const std::size_t rest_bytes = text.size();
        std::string_view value = take_up_to('&', text);
        const std::size_t header_bytes = value.size();
        const std::string_view name = take_up_to('=', value);
        headers.add({.name = name, .value = value, .has_value = name.size() < header_bytes});
        has_more = header_bytes < rest_bytes;
    }
    return headers;
}

bool same_header(const Param& left, const Param& right) noexcept {
    return left.has_value == right.has_value &&
           text_equals(left.name, right.name, kEquivalentAnyCase) &&
           text_equals(left.value, right.value, kEquivalent);
}

// Each header of one has one of its own in the other: none is ignored, the order is (19.1.4).
bool headers_agree(std::string_view left, std::string_view right) noexcept {
    static_assert(kUriPartsMax <= 32, "a bit for each");
    const UriParts a = headers_of(left);
    const UriParts b = headers_of(right);
    if (a.too_many() || b.too_many() || a.size() != b.size()) {
        return false;
    }
    std::uint32_t taken = 0;
    for (const Param& header : a) {
        std::size_t at = 0;
        while (at < b.size() && ((taken >> at & 1U) != 0 || !same_header(header, b[at]))) {
            ++at;
        }
        if (at == b.size()) {
            return false;
        }
        taken |= 1U << at;
    }
    return true;
}

bool same_bytes(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin());
}

bool same_texts(const SipUri& left, const SipUri& right) noexcept {
    return same_bytes(left.user, right.user) && same_bytes(left.password, right.password) &&
           same_bytes(left.host, right.host) &&
           same_bytes(left.params.text(), right.params.text()) &&
           same_bytes(left.headers, right.headers);
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
    const auto found = find_decoded(params, name, kDecodedName);
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
    return text_equals(left, right, kDecoded);
}

bool uri_equals(const SipUri& left, const SipUri& right) noexcept {
    if (left.scheme != right.scheme || left.has_user != right.has_user || left.port != right.port) {
        return false;
    }
    return same_texts(left, right) ||
           (text_equals(left.user, right.user, kEquivalent) &&
            text_equals(left.password, right.password, kEquivalent) &&
            equals_ignoring_case(left.host, right.host) &&
            params_agree(left.params, right.params) && headers_agree(left.headers, right.headers));
}

} // namespace tandem::sipparse
