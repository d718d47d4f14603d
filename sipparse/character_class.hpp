// SPDX-License-Identifier: Apache-2.0
//
// The character classes of RFC 3261 25.1 that parsers walk over, as one table of bits: a class is
// one load and one test, whatever its definition, or a few instructions for sixteen characters.
// Which characters belong to a class is decided here and nowhere else. Any thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tmmintrin.h>
#include <type_traits>

namespace tandem::sipparse {

enum class CharacterClass : std::uint8_t {
    Token = 1U << 0U,      // alphanum / - . ! % * _ + ` ' ~
    ParamName = 1U << 1U,  // token characters and those that param-unreserved adds
    ParamValue = 1U << 2U, // without quotes: all but white space, quotes and separators
    Host = 1U << 3U,       // names and IPv4 addresses; "_" is no host of the RFC, but is seen
    UriText = 1U << 4U,    // printable ASCII without the delimiters of URIs
    WhiteSpace = 1U << 5U, // space, tab and the line end of a fold
    ListMark = 1U << 6U,   // what matters for the end of a list element: , " < >
    QuoteMark = 1U << 7U,  // what matters inside a quoted string: " and backslash
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
    add_class(table, "\"\\", CharacterClass::QuoteMark);
    return table;
}

inline constexpr std::array<std::uint8_t, 256> kCharacterClasses = make_character_classes();

} // namespace detail

[[nodiscard]] constexpr bool is_in(CharacterClass what, char c) noexcept {
    return (detail::kCharacterClasses[static_cast<unsigned char>(c)] &
            static_cast<std::uint8_t>(what)) != 0;
}

namespace detail {

// A class for sixteen characters at once. All classes are ASCII: bit h of low[l] says whether the
// character of the halves h and l is in the class, and characters above find zero.
struct HalvesTable {
    std::array<std::uint8_t, 16> low = {};
};

constexpr HalvesTable make_halves(CharacterClass what) {
    HalvesTable table;
    for (unsigned c = 0; c < 128; ++c) {
        if (is_in(what, static_cast<char>(c))) {
            auto& bits = table.low[c & 15U];
            bits = static_cast<std::uint8_t>(bits | 1U << (c >> 4U));
        }
    }
    return table;
}

template <CharacterClass kWhat>
inline constexpr HalvesTable kHalves = make_halves(kWhat);

inline constexpr std::size_t kVectorBytes = 16;

// Bit i: the character at[i] is in the class.
template <CharacterClass kWhat>
[[nodiscard]] inline std::uint32_t members_of(const char* at) noexcept {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i low_bits =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(kHalves<kWhat>.low.data()));
    const __m128i high_bits = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i high = _mm_and_si128(_mm_srli_epi16(text, 4), _mm_set1_epi8(15));
    const __m128i members =
        _mm_and_si128(_mm_shuffle_epi8(low_bits, text), _mm_shuffle_epi8(high_bits, high));
    const __m128i outside = _mm_cmpeq_epi8(members, _mm_setzero_si128());
    return ~static_cast<std::uint32_t>(_mm_movemask_epi8(outside)) & 0xffffU;
}

// The first place from `from` on where being in the class is kWanted, or text.size().
template <CharacterClass kWhat, bool kWanted>
[[nodiscard]] constexpr std::size_t find(std::string_view text, std::size_t from) noexcept {
    if (!std::is_constant_evaluated() && text.size() >= kVectorBytes) {
        const std::size_t last = text.size() - kVectorBytes;
        const auto wanted_at = [&text](std::size_t at) {
            const std::uint32_t members = members_of<kWhat>(text.data() + at);
            return kWanted ? members : members ^ 0xffffU;
        };
        for (; from <= last; from += kVectorBytes) {
            if (const std::uint32_t wanted = wanted_at(from); wanted != 0) {
                return from + static_cast<std::size_t>(std::countr_zero(wanted));
            }
        }
        // The last sixteen, without those that were looked at.
        const std::uint32_t rest = wanted_at(last) >> (from - last);
        return rest != 0 ? from + static_cast<std::size_t>(std::countr_zero(rest)) : text.size();
    }
    while (from < text.size() && is_in(kWhat, text[from]) != kWanted) {
        ++from;
    }
    return from;
}

} // namespace detail

// Where the characters of the class end, from `from` <= text.size() on; text.size(): nowhere.
template <CharacterClass kWhat>
[[nodiscard]] constexpr std::size_t end_of_class(std::string_view text,
                                                 std::size_t from = 0) noexcept {
    return detail::find<kWhat, false>(text, from);
}

// Where the characters of the class begin that the text ends with; text.size(): the last one is
// none.
template <CharacterClass kWhat>
[[nodiscard]] constexpr std::size_t begin_of_class_at_end(std::string_view text) noexcept {
    std::size_t begin = text.size();
    if (!std::is_constant_evaluated()) {
        for (; begin >= detail::kVectorBytes; begin -= detail::kVectorBytes) {
            const char* const at = text.data() + begin - detail::kVectorBytes;
            const std::uint32_t outside = detail::members_of<kWhat>(at) ^ 0xffffU;
            if (outside != 0) {
                return begin - detail::kVectorBytes +
                       static_cast<std::size_t>(std::bit_width(outside));
            }
        }
    }
    while (begin > 0 && is_in(kWhat, text[begin - 1])) {
        --begin;
    }
    return begin;
}

// Where the first character of the class is, from `from` <= text.size() on; text.size(): nowhere.
template <CharacterClass kWhat>
[[nodiscard]] constexpr std::size_t find_in_class(std::string_view text,
                                                  std::size_t from = 0) noexcept {
    return detail::find<kWhat, true>(text, from);
}

} // namespace tandem::sipparse
