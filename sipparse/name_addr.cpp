// SPDX-License-Identifier: Apache-2.0
//
// name-addr and addr-spec, RFC 3261 20.10 and 25.1.
#include "sipparse/name_addr.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::sipparse {

namespace {

// *( token LWS ) before "<"
bool is_display_name(std::string_view text) noexcept {
    for (const char c : text) {
        if (!is_token_character(c) && !is_white_space(c)) {
            return false;
        }
    }
    return true;
}

std::optional<NameAddr> finish(const NameAddr& parts) noexcept {
    std::optional<NameAddr> result;
    if (uri_scheme(parts.uri) == UriScheme::None) {
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

// `text` begins with "<". White space in the URI is refused: inside brackets some senders pad it
// with spaces, which RFC 4475 3.1.2.14 wants refused.
std::optional<NameAddr> parse_bracketed(std::string_view display, std::string_view text) noexcept {
    const std::size_t close = end_of_class<CharacterClass::UriText>(text, 1);
    if (close == text.size() || text[close] != '>') {
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

// The forms nearly all have, from their end: the bracket that closes the URI, or a tag right behind
// it. A bracket there closes the URI: elsewhere it stands in quotes, and the value would end in
// one. False: it is another form.
bool find_usual_tag(std::string_view value, std::string_view& tag) noexcept {
    constexpr std::string_view kBefore = ">;tag=";
    if (value.ends_with('>')) {
        tag = {};
        return true;
    }
    const std::size_t begin = begin_of_class_at_end<CharacterClass::Token>(value);
    const std::string_view before(value.data(), begin);
    tag = {value.data() + begin, value.size() - begin};
    return !tag.empty() && before.ends_with(kBefore);
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
        return is_display_name(display) ? parse_bracketed(display, text.substr(open))
                                        : std::nullopt;
    }
    const std::string_view uri = trim(text.substr(0, semicolon));
    if (!is_uri_text(uri) || find_either(uri, '?', ',') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view params =
        semicolon == std::string_view::npos ? std::string_view{} : text.substr(semicolon);
    return finish({.display = {}, .uri = uri, .params = Params(params), .in_brackets = false});
}

std::string_view find_tag(std::string_view value) noexcept {
    std::string_view tag;
    if (find_usual_tag(value, tag)) {
        return tag;
    }
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
