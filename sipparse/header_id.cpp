// SPDX-License-Identifier: Apache-2.0
//
// Header names to ids by a perfect hash: the name is loaded as four machine words, two of them pick
// one slot, and the words are compared with the one candidate. The multiplier was found by trying;
// a new row that makes two names meet fails the static_assert below, then another multiplier is
// due. Called per header line by stage 1.
#include "sipparse/header_id.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

static_assert(std::endian::native == std::endian::little, "names are packed low byte first");

constexpr std::size_t kWordBytes = 8;
constexpr std::size_t kNameWords = 4;
constexpr std::size_t kNameBytesMax = kNameWords * kWordBytes;
constexpr std::size_t kSlotBits = 9;
constexpr std::uint64_t kHashMultiplier = 0x1c2d5de2e0d1feebULL;
constexpr std::uint64_t kLowerCaseBits = 0x2020'2020'2020'2020ULL;
// Set in every letter, not in the hyphen (0x2d), the only other character of our names.
constexpr std::uint64_t kLetterBits = 0x4040'4040'4040'4040ULL;

struct PackedName {
    std::array<std::uint64_t, kNameWords> words = {}; // lower case, zeros behind the name
};

constexpr PackedName pack_lower(std::string_view name) {
    PackedName packed;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(to_lower(name[i])));
        packed.words[i / kWordBytes] |= byte << (8 * (i % kWordBytes));
    }
    return packed;
}

constexpr std::size_t slot_of(std::uint64_t first, std::uint64_t second, std::size_t bytes) {
    const std::uint64_t mixed = (first | kLowerCaseBits) * kHashMultiplier ^
                                std::rotl((second | kLowerCaseBits) * kHashMultiplier, 29) ^
                                (bytes * 0xff51afd7ed558ccdULL);
    return static_cast<std::size_t>((mixed * kHashMultiplier) >> (64 - kSlotBits));
}

struct NameTable {
    std::array<HeaderId, std::size_t{1} << kSlotBits> slots = {};
    std::array<PackedName, kHeaderIdCount> names = {};
    std::array<std::uint8_t, kHeaderIdCount> name_bytes = {};
    std::array<HeaderId, 256> compact = {};
    bool collision = false;
};

constexpr NameTable make_table() {
    NameTable table;
    for (std::size_t row = 1; row < kHeaderIdCount; ++row) {
        const HeaderRow& header = kHeaderRows[row];
        table.names[row] = pack_lower(header.name);
        table.name_bytes[row] = static_cast<std::uint8_t>(header.name.size());
        const auto& words = table.names[row].words;
        HeaderId& slot = table.slots[slot_of(words[0], words[1], header.name.size())];
        table.collision = table.collision || slot != HeaderId::Other;
        slot = header.id;
        if (header.compact != 0) {
            table.compact[static_cast<unsigned char>(header.compact)] = header.id;
            const auto upper = static_cast<unsigned char>(header.compact - ('a' - 'A'));
            table.compact[upper] = header.id;
        }
    }
    return table;
}

constexpr NameTable kTable = make_table();
static_assert(!kTable.collision, "two header names share a slot: choose another kHashMultiplier");
static_assert(std::ranges::all_of(kHeaderRows, [](const HeaderRow& row) {
    return row.name.size() <= kNameBytesMax;
}));

// Bits of the first `bytes` bytes of a word.
std::uint64_t leading_bits(std::size_t bytes) noexcept {
    return bytes >= kWordBytes ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * bytes)) - 1;
}

// The word at `position` of a name of `name_bytes`, zeros behind the name.
std::uint64_t load_word(const char* name, std::size_t position, std::size_t name_bytes) noexcept {
    if (position >= name_bytes) {
        return 0;
    }
    std::uint64_t word = 0;
    std::memcpy(&word, name + position, sizeof(word));
    return word & leading_bits(name_bytes - position);
}

bool equals_lower(std::uint64_t word, std::uint64_t lower) noexcept {
    return (word | ((lower & kLetterBits) >> 1)) == lower;
}

} // namespace

HeaderId find_header_id(std::string_view name, std::size_t readable_bytes) noexcept {
    const std::size_t bytes = name.size();
    if (bytes <= 1 || bytes > kNameBytesMax) {
        return bytes == 1 ? kTable.compact[static_cast<unsigned char>(name[0])] : HeaderId::Other;
    }
    std::array<char, kNameBytesMax> copy = {};
    const char* text = name.data();
    if (readable_bytes < kNameBytesMax) {
        std::memcpy(copy.data(), text, bytes);
        text = copy.data();
    }
    const std::uint64_t first = load_word(text, 0, bytes);
    const std::uint64_t second = load_word(text, kWordBytes, bytes);
    const HeaderId id = kTable.slots[slot_of(first, second, bytes)];
    const auto row = static_cast<std::size_t>(id);
    const auto& words = kTable.names[row].words;
    const bool same = kTable.name_bytes[row] == bytes && equals_lower(first, words[0]) &&
                      equals_lower(second, words[1]) &&
                      (bytes <= 2 * kWordBytes ||
                       (equals_lower(load_word(text, 2 * kWordBytes, bytes), words[2]) &&
                        equals_lower(load_word(text, 3 * kWordBytes, bytes), words[3])));
    return same ? id : HeaderId::Other;
}

HeaderId find_header_id(std::string_view name) noexcept {
    return find_header_id(name, name.size());
}

} // namespace tandem::sipparse
