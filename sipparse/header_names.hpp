// SPDX-License-Identifier: Apache-2.0
//
// Header names as the index compares them: all long and compact forms in lower case, each found by
// a perfect hash over its first eight bytes, its last one and its length. Made at compile time
// from kHeaderRows; inside sipparse only. Included by files that are compiled for one processor:
// everything here is a constant or always inlined, see plain_head_steps.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sipparse/header_id.hpp"

namespace tandem::sipparse {

// With the colon behind the name. Longer names are in no table.
inline constexpr std::size_t kNameRowBytes = 32;
inline constexpr std::size_t kTableNameBytesMax = kNameRowBytes - 1;
inline constexpr std::size_t kNameSlotBits = 9;
inline constexpr std::size_t kNameSlots = std::size_t{1} << kNameSlotBits;
inline constexpr std::uint64_t kSpaces = 0x2020'2020'2020'2020ULL;

// The row of what is no name. A row of zeros is in front of it, because comparisons near the end of
// a message read rows from before their start.
inline constexpr std::size_t kNoNameRow = 1;

consteval std::size_t count_name_rows() {
    std::size_t rows = kNoNameRow; // that of Other stands for "none of them"
    for (const HeaderRow& row : kHeaderRows) {
        rows += row.compact != 0 ? 2 : 1;
    }
    return rows;
}

inline constexpr std::size_t kNameRows = count_name_rows();
static_assert(kNameRows <= 256, "a slot is one byte");

struct HeaderNameTable {
    // Lower case, a colon, zeros.
    alignas(kNameRowBytes) char text[kNameRows][kNameRowBytes];
    std::uint8_t row_of_slot[kNameSlots];
    std::uint8_t id[kNameRows];           // HeaderId
    std::uint8_t is_singleton[kNameRows]; // 0 or 1
};

[[gnu::visibility("hidden")]] extern const HeaderNameTable kHeaderNames;

consteval std::uint64_t singleton_word(std::size_t word) {
    std::uint64_t bits = 0;
    for (const HeaderRow& row : kHeaderRows) {
        const auto id = static_cast<std::size_t>(row.id);
        if (row.is_singleton && id / 64 == word) {
            bits |= std::uint64_t{1} << (id % 64);
        }
    }
    return bits;
}

// The ids that may be there once: bit id % 64 of word id / 64.
inline constexpr std::uint64_t kSingletonIds[2] = {singleton_word(0), singleton_word(1)};

// The slot of a name. `first_word` is its first eight bytes, low byte first, zeros behind a shorter
// one. Case does not matter: bit 5 is set everywhere.
[[gnu::always_inline]] constexpr std::size_t
name_slot(std::uint64_t first_word, char last, std::size_t bytes) noexcept {
    constexpr std::uint64_t kMultiplier = 0xf5be'ffec'4acb'2ffbULL; // found by trying
    const std::uint64_t end = (static_cast<std::uint8_t>(last) | 0x20U) | (bytes << 8U);
    return static_cast<std::size_t>((((first_word | kSpaces) + (end << 40U)) * kMultiplier) >>
                                    (64 - kNameSlotBits));
}

} // namespace tandem::sipparse
