// SPDX-License-Identifier: Apache-2.0
//
// Eight characters at a time as one word, first character lowest: tests and numbers without a
// branch for each character. A test of a word says whether any of its characters is such a one.
// Pure functions; any thread.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tandem::sipparse {

inline constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
static_assert(std::endian::native == std::endian::little, "the first character is the lowest byte");

// Eight times that character.
[[nodiscard]] constexpr std::uint64_t every(std::uint8_t c) noexcept {
    return 0x0101'0101'0101'0101ULL * c;
}

// Eight readable characters.
[[nodiscard]] inline std::uint64_t load_word(const char* at) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// A text of at most eight characters, zeros behind it: two reads that overlap, no loop.
[[nodiscard]] inline std::uint64_t load_text(std::string_view text) noexcept {
    const auto join = [text]<typename Part>(Part first) {
        Part last = 0;
        const std::size_t behind = text.size() - sizeof last;
        std::memcpy(&first, text.data(), sizeof first);
        std::memcpy(&last, text.data() + behind, sizeof last);
        return std::uint64_t{first} | std::uint64_t{last} << (8 * behind);
    };
    if (text.size() >= sizeof(std::uint32_t)) {
        return join(std::uint32_t{0});
    }
    if (text.size() >= sizeof(std::uint16_t)) {
        return join(std::uint16_t{0});
    }
    return text.empty() ? 0 : static_cast<unsigned char>(text.front());
}

// The first eight characters of a text, zeros behind a shorter one. For texts of the program: of a
// message load_word() is faster.
[[nodiscard]] constexpr std::uint64_t word_of(std::string_view text) noexcept {
    std::uint64_t word = 0;
    for (std::size_t i = std::min(text.size(), kWordBytes); i > 0; --i) {
        word = word << 8U | static_cast<unsigned char>(text[i - 1]);
    }
    return word;
}

// The first `bytes` characters, zeros behind them.
[[nodiscard]] constexpr std::uint64_t first_of_word(std::uint64_t word,
                                                    std::size_t bytes) noexcept {
    return bytes < kWordBytes ? word & ~(~std::uint64_t{0} << (8 * bytes)) : word;
}

// Any character below `limit` <= 0x80. Subtracting borrows from the highest bit of such a one.
[[nodiscard]] constexpr bool has_below(std::uint64_t word, std::uint8_t limit) noexcept {
    return ((word - every(limit)) & ~word & every(0x80)) != 0;
}

// Where the first such character is; 8: nowhere.
[[nodiscard]] constexpr std::size_t position_of(std::uint64_t word, char c) noexcept {
    const std::uint64_t from_c = word ^ every(static_cast<std::uint8_t>(c));
    const std::uint64_t zeros = (from_c - every(1)) & ~from_c & every(0x80);
    return static_cast<std::size_t>(std::countr_zero(zeros)) / 8;
}

// Whether the text is that word of four to eight lower case letters, in either case: bit 5 tells
// the cases of a letter apart and nothing else becomes one.
template <std::size_t kSize>
[[nodiscard]] [[gnu::always_inline]] inline bool is_letters(std::string_view text,
                                                            const char (&letters)[kSize]) noexcept {
    constexpr std::size_t kLetters = kSize - 1; // without the zero behind them
    constexpr std::size_t kHalf = kWordBytes / 2;
    static_assert(kLetters >= kHalf && kLetters <= kWordBytes);
    if (text.size() != kLetters) {
        return false;
    }
    const auto half_at = [](const char* at) {
        std::uint32_t half = 0;
        std::memcpy(&half, at, sizeof half);
        return half;
    };
    constexpr std::uint32_t kFold = 0x2020'2020;
    constexpr std::size_t kSecond = kLetters - kHalf; // overlaps the first
    const std::uint32_t first = (half_at(text.data()) | kFold) ^ half_at(letters);
    const std::uint32_t second =
        (half_at(text.data() + kSecond) | kFold) ^ half_at(letters + kSecond);
    return (first | second) == 0;
}

// The highest bit of each character that is no decimal digit.
[[nodiscard]] constexpr std::uint64_t not_digits(std::uint64_t word) noexcept {
    const std::uint64_t from_zero = word ^ every('0'); // digits become 0 to 9
    return (((from_zero & every(0x7f)) + every(0x7f - 9)) | from_zero) & every(0x80);
}

// How many digits are in front of the first character that is none; 8: all are digits.
[[nodiscard]] constexpr std::size_t digits_in_front(std::uint64_t word) noexcept {
    return static_cast<std::size_t>(std::countr_zero(not_digits(word))) / 8;
}

// The number of the first `digits` characters, 1 to 8, which are digits. Neighbours are joined to
// pairs, pairs to fours, fours to the number.
[[nodiscard]] constexpr std::uint32_t number_in_front(std::uint64_t word,
                                                      std::size_t digits) noexcept {
    std::uint64_t joined = (word ^ every('0')) << (8 * (kWordBytes - digits));
    joined = (joined * 10 + (joined >> 8U)) & 0x00ff'00ff'00ff'00ffULL;
    joined = (joined * 100 + (joined >> 16U)) & 0x0000'ffff'0000'ffffULL;
    return static_cast<std::uint32_t>(joined * 10'000 + (joined >> 32U));
}

// Whether all eight are hexadecimal digits, in either case.
[[nodiscard]] constexpr bool are_hex_digits(std::uint64_t word) noexcept {
    const std::uint64_t from_a = (word | every(0x20)) ^ every(0x60); // a to f become 1 to 6
    const std::uint64_t low = from_a & every(0x7f);
    const std::uint64_t above_f = (low + every(0x7f - 6)) | from_a;
    const std::uint64_t is_none = ~(low + every(0x7f)); // zero
    return (not_digits(word) & (above_f | is_none)) == 0;
}

// The number of eight hexadecimal digits.
[[nodiscard]] constexpr std::uint32_t hex_number(std::uint64_t word) noexcept {
    // Letters have bit 6, and nine more than their low half.
    std::uint64_t joined = (word & every(0x0f)) + ((word >> 6U) & every(1)) * 9;
    joined = (joined << 4U | joined >> 8U) & 0x00ff'00ff'00ff'00ffULL;
    joined = (joined << 8U | joined >> 16U) & 0x0000'ffff'0000'ffffULL;
    return static_cast<std::uint32_t>(joined << 16U | joined >> 32U);
}

} // namespace tandem::sipparse
