// SPDX-License-Identifier: Apache-2.0
//
// The basic rules of RFC 3261 25.1 that all header parsers share: character classes, white space
// (a fold is white space), case-insensitive comparison, decimal numbers, tokens, quoted strings,
// host and port. Pure functions on views; they never read outside them. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/character_class.hpp"

namespace tandem::sipparse {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Space, tab and the line end of a fold.
[[nodiscard]] constexpr bool is_white_space(char c) noexcept {
    return is_in(CharacterClass::WhiteSpace, c);
}

[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// alphanum / - . ! % * _ + ` ' ~
[[nodiscard]] constexpr bool is_token_character(char c) noexcept {
    return is_in(CharacterClass::Token, c);
}

// Bytes of the token at the front of the text; 0 when there is none.
[[nodiscard]] constexpr std::size_t token_bytes(std::string_view text) noexcept {
    return end_of_class<CharacterClass::Token>(text);
}

// At least one character, all of them token characters.
[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
    return !text.empty() && token_bytes(text) == text.size();
}

namespace detail {

// Both have that many characters.
[[nodiscard]] bool
same_ignoring_case(const char* left, const char* right, std::size_t characters) noexcept;

} // namespace detail

// Most texts differ in length already, which is seen without a call.
[[nodiscard]] inline bool equals_ignoring_case(std::string_view left,
                                               std::string_view right) noexcept {
    return left.size() == right.size() &&
           detail::same_ignoring_case(left.data(), right.data(), left.size());
}

[[nodiscard]] constexpr std::string_view trim_left(std::string_view text) noexcept {
    while (!text.empty() && is_white_space(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}

[[nodiscard]] constexpr std::string_view trim_right(std::string_view text) noexcept {
    while (!text.empty() && is_white_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
    return trim_right(trim_left(text));
}

// Position of the first of two characters, npos when neither is there. find_first_of() of the
// library searches its set for every character.
[[nodiscard]] constexpr std::size_t find_either(std::string_view text, char a, char b) noexcept {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == a || text[at] == b) {
            return at;
        }
    }
    return std::string_view::npos;
}

// All of the text is 1*DIGIT and the number is at most `largest`; leading zeros are allowed.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text,
                                                        std::uint64_t largest) noexcept;

// Printable ASCII without < > and the quote; true for an empty text.
[[nodiscard]] bool is_uri_text(std::string_view text) noexcept;

// Value of a hexadecimal digit, or -1.
[[nodiscard]] int hex_digit(char c) noexcept;

// Bytes of the quoted string at the front of the text, both quotes counted; 0 when the text does
// not start with a quote or the closing one is missing.
[[nodiscard]] std::size_t quoted_string_bytes(std::string_view text) noexcept;

// The inside of a quoted string (escapes still in it), or the text itself when it has no quotes.
[[nodiscard]] std::string_view without_quotes(std::string_view text) noexcept;

// Compares the value a quoted string stands for (RFC 3261 25.1 quoted-pair) with plain text.
// A text without quotes is compared as it is. Case counts.
[[nodiscard]] bool quoted_equals(std::string_view quoted, std::string_view plain) noexcept;

struct HostPort {
    std::string_view host;  // a name, an IPv4 address, or an IPv6 address in its brackets
    std::uint16_t port = 0; // 0 = none was given
};

// host [ ":" port ] and nothing else; white space around the colon is allowed where
// `white_space_allowed` (Via sent-by), not in URIs.
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text,
                                                      bool white_space_allowed) noexcept;

} // namespace tandem::sipparse
