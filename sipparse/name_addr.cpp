// SPDX-License-Identifier: Apache-2.0
//
// name-addr and addr-spec, RFC 3261 20.10 and 25.1.
#include "sipparse/name_addr.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::sipparse {

namespace {

// *( token LWS ) before "<"
bool is_token_list(std::string_view text) noexcept {
    for (const char c : text) {
        if (!is_token_character(c) && !is_white_space(c)) {
            return false;
        }
    }
    return true;
}

// The URI has a scheme and no white space; inside brackets some senders pad it with spaces, which
// RFC 4475 3.1.2.14 wants refused.
bool is_plausible_uri(std::string_view uri) noexcept {
    return uri_scheme(uri) != UriScheme::None && is_uri_text(uri);
}

std::optional<NameAddr> finish(const NameAddr& parts) noexcept {
    std::optional<NameAddr> result;
    if (!is_plausible_uri(parts.uri)) {
        return result;
    }
    Params::Iterator iterator = parts.params.begin();
    std::string_view tag;
    bool has_tag = false;
    while (iterator != Params::end()) {
        if (!has_tag && equals_ignoring_case(iterator->name, "tag")) {
            has_tag = true;
            tag = iterator->value;
        }
        ++iterator;
    }
    if (!iterator.malformed()) {
        result.emplace(parts).first_tag = tag;
    }
    return result;
}

// `text` begins with "<".
std::optional<NameAddr> parse_bracketed(std::string_view display, std::string_view text) noexcept {
    const std::size_t close = text.find('>');
    if (close == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view behind = trim(text.substr(close + 1));
    if (!behind.empty() && behind.front() != ';') {
        return std::nullopt;
    }
    return finish({.display = display,
                   .uri = text.substr(1, close - 1),
                   .params = Params(behind),
                   .in_brackets = true});
}

} // namespace

std::optional<std::string_view> NameAddr::tag() const noexcept {
    return first_tag.empty() ? std::nullopt : std::optional(first_tag);
}

std::optional<NameAddr> parse_name_addr(std::string_view element) noexcept {
    const std::string_view text = trim(element);
    if (!text.empty() && text.front() == '"') {
        const std::size_t bytes = quoted_string_bytes(text);
        const std::string_view behind = trim_left(text.substr(bytes));
        if (bytes == 0 || behind.empty() || behind.front() != '<') {
            return std::nullopt;
        }
        return parse_bracketed(text.substr(0, bytes), behind);
    }
    if (!text.empty() && text.front() == '<') {
        return parse_bracketed({}, text);
    }
    const std::size_t open = text.find('<');
    const std::size_t semicolon = text.find(';');
    if (open != std::string_view::npos && open < semicolon) {
        const std::string_view display = trim(text.substr(0, open));
        return is_token_list(display) ? parse_bracketed(display, text.substr(open)) : std::nullopt;
    }
    const std::string_view uri = trim(text.substr(0, semicolon));
    if (uri_scheme(uri) == UriScheme::None ||
        find_either(uri, '?', ',') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view params =
        semicolon == std::string_view::npos ? std::string_view{} : text.substr(semicolon);
    return finish({.display = {}, .uri = uri, .params = Params(params), .in_brackets = false});
}

std::string_view find_tag(std::string_view value) noexcept {
    std::string_view text = trim_left(value);
    const std::size_t display = quoted_string_bytes(text);
    const std::size_t open = text.find('<', display);
    std::size_t params = text.find(';', display);
    if (open < params) { // what is inside the brackets belongs to the URI
        const std::size_t close = text.find('>', open);
        params = close == std::string_view::npos ? close : text.find(';', close);
    }
    if (params == std::string_view::npos) {
        return {};
    }
    text.remove_prefix(params);
    for (const Param& param : Params(text)) {
        if (equals_ignoring_case(param.name, "tag")) {
            return param.value;
        }
    }
    return {};
}

bool is_contact_star(std::string_view value) noexcept {
    return trim(value) == "*";
}

} // namespace tandem::sipparse
