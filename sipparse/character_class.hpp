// SPDX-License-Identifier: Apache-2.0
//
// The character classes of RFC 3261 25.1 that parsers walk over, as one table of bits: a class is
// one load and one test, whatever its definition. Which characters belong to a class is decided
// here and nowhere else. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::sipparse {

enum class CharacterClass : std::uint8_t {
    Token = 1U << 0U,      // alphanum / - . ! % * _ + ` ' ~
    ParamName = 1U << 1U,  // token characters and those that param-unreserved adds
    ParamValue = 1U << 2U, // without quotes: all but white space, quotes and separators
    Host = 1U << 3U,       // names and IPv4 addresses; "_" is no host of the RFC, but is seen
    UriText = 1U << 4U,    // printable ASCII without the delimiters of URIs
    WhiteSpace = 1U << 5U, // space, tab and the line end of a fold
    ListMark = 1U << 6U,   // what matters for the end of a list element: , " < >
};

namespace detail {

constexpr void
add_class(std::array<std::uint8_t, 256>& table, std::string_view text, CharacterClass what) {
    for (const char c : text) {
        auto& bits = table[static_cast<unsigned char>(c)];
        bits = static_cast<std::uint8_t>(bits | static_cast<std::uint8_t>(what));
    }
}

constexpr void
remove_class(std::array<std::uint8_t, 256>& table, std::string_view text, CharacterClass what) {
    for (const char c : text) {
        auto& bits = table[static_cast<unsigned char>(c)];
        bits = static_cast<std::uint8_t>(bits & ~static_cast<std::uint8_t>(what));
    }
}

constexpr std::array<std::uint8_t, 256> make_character_classes() {
    constexpr std::string_view kAlphanumeric =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    std::array<std::uint8_t, 256> table = {};
    for (const auto what : {CharacterClass::Token, CharacterClass::ParamName}) {
        add_class(table, kAlphanumeric, what);
        add_class(table, "-.!%*_+`'~", what);
    }
    add_class(table, "[]/:&$", CharacterClass::ParamName);
    add_class(table, kAlphanumeric, CharacterClass::Host);
    add_class(table, "-._", CharacterClass::Host);
    for (char c = ' ' + 1; c <= '~'; ++c) {
        add_class(table, {&c, 1}, CharacterClass::ParamValue);
        add_class(table, {&c, 1}, CharacterClass::UriText);
    }
    remove_class(table, ";,\"<>", CharacterClass::ParamValue);
    remove_class(table, "<>\"", CharacterClass::UriText);
    add_class(table, " \t\r\n", CharacterClass::WhiteSpace);
    add_class(table, ",\"<>", CharacterClass::ListMark);
    return table;
}

inline constexpr std::array<std::uint8_t, 256> kCharacterClasses = make_character_classes();

} // namespace detail

[[nodiscard]] constexpr bool is_in(CharacterClass what, char c) noexcept {
    return (detail::kCharacterClasses[static_cast<unsigned char>(c)] &
            static_cast<std::uint8_t>(what)) != 0;
}

// Bytes at the front of the text that are of the class, from `from` on; text.size() when all are.
[[nodiscard]] constexpr std::size_t
end_of_class(CharacterClass what, std::string_view text, std::size_t from = 0) noexcept {
    while (from < text.size() && is_in(what, text[from])) {
        ++from;
    }
    return from;
}

} // namespace tandem::sipparse
