// SPDX-License-Identifier: Apache-2.0
//
// The basic rules of RFC 3261 25.1. Everything is a loop over one view.
#include "sipparse/lexical.hpp"

#include "sipparse/words.hpp"

namespace tandem::sipparse {

namespace {

// Bytes of the host at the front: a bracketed IPv6 address, or name and IPv4 characters.
std::size_t host_bytes(std::string_view text) noexcept {
    if (!text.empty() && text.front() == '[') {
        for (std::size_t i = 1; i < text.size(); ++i) {
            if (text[i] == ']') {
                return i > 2 ? i + 1 : 0;
            }
            if (hex_digit(text[i]) < 0 && text[i] != ':' && text[i] != '.') {
                return 0;
            }
        }
        return 0;
    }
    return end_of_class<CharacterClass::Host>(text);
}

} // namespace

bool detail::same_ignoring_case(const char* left,
                                const char* right,
                                std::size_t characters) noexcept {
    for (std::size_t i = 0; i < characters; ++i) {
        if (left[i] != right[i] && to_lower(left[i]) != to_lower(right[i])) {
            return false;
        }
    }
    return true;
}

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t largest) noexcept {
    if (text.size() <= kWordBytes && !text.empty()) {
        const std::uint64_t word = load_text(text);
        const std::uint64_t number = number_in_front(word, text.size());
        const bool is_number = digits_in_front(word) >= text.size() && number <= largest;
        return is_number ? std::optional(number) : std::nullopt;
    }
    std::uint64_t number = 0;
    for (const char c : text) {
        const auto digit = static_cast<std::uint64_t>(static_cast<unsigned char>(c)) - '0';
        if (digit > 9 || __builtin_mul_overflow(number, 10U, &number) ||
            __builtin_add_overflow(number, digit, &number)) {
            return std::nullopt;
        }
    }
    const bool in_range = !text.empty() && number <= largest;
    return in_range ? std::optional(number) : std::nullopt;
}

bool is_uri_text(std::string_view text) noexcept {
    return end_of_class<CharacterClass::UriText>(text) == text.size();
}

int hex_digit(char c) noexcept {
    if (is_digit(c)) {
        return c - '0';
    }
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::size_t quoted_string_bytes(std::string_view text) noexcept {
    if (text.empty() || text.front() != '"') {
        return 0;
    }
    std::size_t at = find_in_class<CharacterClass::QuoteMark>(text, 1);
    while (at < text.size() && text[at] != '"') {
        if (text.size() - at <= 2) { // nothing behind the escaped character
            return 0;
        }
        at = find_in_class<CharacterClass::QuoteMark>(text, at + 2);
    }
    return at < text.size() ? at + 1 : 0;
}

std::string_view without_quotes(std::string_view text) noexcept {
    if (text.size() >= 2 && text.front() == '"' && quoted_string_bytes(text) == text.size()) {
        text.remove_prefix(1);
        text.remove_suffix(1);
    }
    return text;
}

bool quoted_equals(std::string_view quoted, std::string_view plain) noexcept {
    const std::string_view inside = without_quotes(quoted);
    if (inside.size() == quoted.size()) {
        return quoted == plain;
    }
    std::size_t position = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == '\\' && i + 1 < inside.size()) {
            ++i;
        }
        if (position == plain.size() || inside[i] != plain[position]) {
            return false;
        }
        ++position;
    }
    return position == plain.size();
}

std::optional<HostPort> parse_host_port(std::string_view text, bool white_space_allowed) noexcept {
    constexpr std::uint64_t kPortMax = 65'535;
    HostPort result;
    const std::size_t bytes = host_bytes(text);
    if (bytes == 0) {
        return std::nullopt;
    }
    result.host = text.substr(0, bytes);
    std::string_view rest = text.substr(bytes);
    rest = white_space_allowed ? trim(rest) : rest;
    if (rest.empty()) {
        return result;
    }
    if (rest.front() != ':') {
        return std::nullopt;
    }
    rest.remove_prefix(1);
    rest = white_space_allowed ? trim_left(rest) : rest;
    const auto port = parse_number(rest, kPortMax);
    if (!port || *port == 0) {
        return std::nullopt;
    }
    result.port = static_cast<std::uint16_t>(*port);
    return result;
}

} // namespace tandem::sipparse
