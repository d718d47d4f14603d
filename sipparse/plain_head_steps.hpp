// SPDX-License-Identifier: Apache-2.0
//
// The steps of read_plain_head, written once over the few operations that differ between processors
// (`Simd`, see plain_head_avx2.cpp). Two passes over the head:
//
//   1. 64 bytes at a time become a bit mask, one bit for each byte: is it LF. From the masks come
//      the positions of all line ends up to the empty line. CR are counted.
//   2. Of each line the first 32 bytes are looked at once: where is the colon, which row of the
//      table of names equals what is before it. The value is what is between colon and line end.
//
// A file that includes this is compiled for one processor. So that the linker cannot keep such code
// for everybody, all of it lies in an anonymous namespace, and nothing here calls an inline
// function of the standard library, not even operator[] of an array. plain_head_symbols_test.py
// sees to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

#include "sipparse/header_names.hpp"
#include "sipparse/plain_head.hpp"

namespace tandem::sipparse {

namespace { // NOLINT(google-build-namespaces,cert-dcl59-cpp): a copy for each processor

constexpr std::size_t kBlockBytes = 64;
// So that the counts of CR, one byte for each place of a block, cannot overflow.
constexpr std::size_t kPlainHeadBytesMax = 127 * kBlockBytes;
constexpr std::size_t kEndsAtATime = 3; // line ends of one block; more are rare

// What both processors do alike with 32 bytes.
[[gnu::always_inline]] inline __m256i all(char c) {
    return _mm256_set1_epi8(c);
}

[[gnu::always_inline]] inline __m256i load(const char* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

struct LineEnds {
    // Position of the LF of each line, the start line being 0 and the empty line the last.
    std::uint16_t positions[kPlainLinesMax + kBlockBytes + kEndsAtATime];
    std::size_t count = 0;            // 0: the head is not plain
    std::size_t carriage_returns = 0; // up to the empty line
};

[[gnu::always_inline]] inline std::uint16_t take_lowest(std::size_t block, std::uint64_t& mask) {
    const auto position = static_cast<std::uint16_t>(block + _tzcnt_u64(mask));
    mask = _blsr_u64(mask);
    return position;
}

// Writes up to two positions too many, which the next ones overwrite: cheaper than a branch for
// each one. Returns the place behind the last one.
[[gnu::always_inline]] inline std::uint16_t*
add_line_ends(std::uint16_t* to, std::size_t block, std::uint64_t newlines) {
    std::uint16_t* const behind = to + _mm_popcnt_u64(newlines);
    do {
        to[0] = take_lowest(block, newlines);
        to[1] = take_lowest(block, newlines);
        to[2] = take_lowest(block, newlines);
        to += kEndsAtATime;
    } while (newlines != 0);
    return behind;
}

// First pass.
template <class Simd>
[[gnu::noinline]] void
find_line_ends(const char* data, std::size_t bytes, std::size_t from, LineEnds& ends) {
    std::uint16_t* position = ends.positions;
    const std::uint16_t* const limit = ends.positions + kPlainLinesMax;
    typename Simd::Counts carriage_returns = Simd::no_counts();
    std::uint64_t newlines_before = 0;
    const std::size_t last = from + kPlainHeadBytesMax < bytes ? from + kPlainHeadBytesMax : bytes;
    for (std::size_t block = from; block < last && position <= limit; block += kBlockBytes) {
        // The last block ends where the message does, so that nothing behind it is read; what of it
        // belongs to the block before is shifted out.
        const std::size_t rest = bytes - block;
        const std::size_t known = rest < kBlockBytes ? kBlockBytes - rest : 0;
        const auto text = Simd::load_block(data + block - known);
        const std::uint64_t newlines = Simd::equal(text, '\n') >> known;
        // LF two bytes behind another one: the second pass will see whether CR is between them.
        const std::uint64_t empty_lines = newlines & ((newlines << 2U) | (newlines_before >> 62U));
        if (empty_lines != 0) {
            const std::uint64_t head = _blsmsk_u64(empty_lines); // up to and with the first one
            position = add_line_ends(position, block, newlines & head);
            const std::uint64_t in_block = (Simd::equal(text, '\r') >> known) & head;
            ends.carriage_returns =
                Simd::sum(carriage_returns) + static_cast<std::size_t>(_mm_popcnt_u64(in_block));
            ends.count =
                position <= limit ? static_cast<std::size_t>(position - ends.positions) : 0;
            return;
        }
        carriage_returns = Simd::count(carriage_returns, text, '\r');
        position = add_line_ends(position, block, newlines);
        newlines_before = newlines;
    }
}

// Copies and clears by whole vectors, the last one overlapping the one before: the compiler's own
// ways cost more than the reading of a line. `kBytes` >= 32.
template <std::size_t kBytes>
[[gnu::always_inline]] inline void copy_bytes(void* to, const void* from) {
    constexpr std::size_t kVectorBytes = 32;
    auto* const target = static_cast<char*>(to);
    const auto* const source = static_cast<const char*>(from);
#pragma GCC unroll 8
    for (std::size_t at = 0; at < kBytes; at += kVectorBytes) {
        const std::size_t place = at + kVectorBytes <= kBytes ? at : kBytes - kVectorBytes;
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(target + place),
                            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(source + place)));
    }
}

constexpr std::size_t kLinks = 128; // one for each id and those that fill the last vector
static_assert(kLinks >= kFirstLines);

// Where the number of the next line of an id is to be written, as an offset into the index: first
// into `first`, then into `next` of the line before. So chains grow without a branch.
struct LinkOffsets {
    consteval LinkOffsets() {
        for (std::size_t id = 0; id < kFirstLines; ++id) {
            offsets[id] = static_cast<std::uint16_t>(offsetof(MessageIndex, first) + id);
        }
    }

    alignas(32) std::uint16_t offsets[kLinks] = {};
};

constexpr LinkOffsets kFirstLinks;
constexpr std::uint8_t kNoFirst[kFirstLines] = {};

class Links {
  public:
    explicit Links(unsigned char* index) : index_(index) {
        copy_bytes<sizeof offsets_>(offsets_, kFirstLinks.offsets);
        copy_bytes<kFirstLines>(index + offsetof(MessageIndex, first), kNoFirst);
    }

    [[gnu::always_inline]] void add(std::size_t id, std::size_t line) {
        index_[offsets_[id]] = static_cast<unsigned char>(line);
        offsets_[id] = static_cast<std::uint16_t>(
            offsetof(MessageIndex, lines) + line * sizeof(HeaderLine) + offsetof(HeaderLine, next));
    }

    // The ids that were added: bit id % 64 of word id / 64. An id that was not has its first
    // offset.
    [[gnu::always_inline]] std::uint64_t added(std::size_t word) const {
        constexpr std::size_t kPerVector = 32;
        std::uint64_t bits = 0;
#pragma GCC unroll 2
        for (std::size_t half = 0; half < 2; ++half) {
            const std::size_t id = word * 64 + half * kPerVector;
            const __m256i low = unchanged(id);
            const __m256i high = unchanged(id + 16);
            // Packing works within 128 bits: the middle quarters change places.
            const __m256i packed =
                _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), _MM_SHUFFLE(3, 1, 2, 0));
            const auto same = static_cast<std::uint32_t>(_mm256_movemask_epi8(packed));
            bits |= std::uint64_t{~same} << (half * kPerVector);
        }
        return bits;
    }

  private:
    [[gnu::always_inline]] __m256i unchanged(std::size_t id) const {
        const auto* const now = reinterpret_cast<const __m256i*>(offsets_ + id);
        const auto* const first = reinterpret_cast<const __m256i*>(kFirstLinks.offsets + id);
        return _mm256_cmpeq_epi16(_mm256_load_si256(now), _mm256_load_si256(first));
    }

    unsigned char* index_;
    alignas(32) std::uint16_t offsets_[kLinks];
};

// What the second pass knows of the lines; it goes over all of them once for each step, so that the
// processor works on many lines at a time instead of waiting for one.
struct Names {
    std::uint8_t bytes[kPlainLinesMax];
    std::uint8_t row[kPlainLinesMax]; // of kHeaderNames
};

// The lines [first, last) of a head, the start line not counted.
struct Lines {
    const char* data;
    std::size_t bytes;
    const std::uint16_t* ends; // of the line before the first one, and so on

    [[nodiscard]] std::size_t start(std::size_t line) const { return ends[line] + std::size_t{1}; }

    [[nodiscard]] std::size_t newline(std::size_t line) const { return ends[line + 1]; }

    // Where less than 32 bytes of message are left, how many are missing. Then the last 32 bytes
    // are read, rows of the table from as far in front of them, and masks are shifted.
    [[nodiscard]] std::size_t ahead(std::size_t line) const {
        const std::size_t rest = bytes - start(line);
        return rest < kNameRowBytes ? kNameRowBytes - rest : 0;
    }
};

// Where the colon of a line is, and which row of the table its name could be. What is no plain name
// (no colon in reach or in the line, nothing before it) gets any row and equals none.
template <class Simd>
[[gnu::always_inline]] inline void
guess_name(Lines lines, std::size_t line, std::size_t ahead, Names& names) {
    const std::size_t start = lines.start(line);
    const char* const name = lines.data + start;
    const auto text = load(name - ahead);
    // Without a colon the name ends with the bytes that were read.
    const std::uint32_t end = ahead == 0 ? 0 : 1U << (kNameRowBytes - ahead);
    const std::size_t bytes = _tzcnt_u32((Simd::equal(text, all(':')) >> ahead) | end);
    std::uint64_t word = 0;
    __builtin_memcpy(&word, name, sizeof word);
    word = _bzhi_u64(word, static_cast<unsigned>(8 * bytes)); // from 64 on: all of it
    names.bytes[line] = static_cast<std::uint8_t>(bytes);
    names.row[line] = kHeaderNames.row_of_slot[name_slot(word, (name + bytes)[-1], bytes)];
}

// Whether the name is that row. False: it is in no row, and has the row of what is no name.
template <class Simd>
[[gnu::always_inline]] inline bool
compare_name(Lines lines, std::size_t line, std::size_t ahead, Names& names) {
    const std::size_t row = names.row[line];
    // Bit 5 folds the case of letters. It also takes CR for a hyphen, but there is none in a name
    // of a plain head. The row has a colon behind its name: equal with it is equal in length.
    const auto name = load(lines.data + lines.start(line) - ahead);
    const auto text = _mm256_or_si256(name, all(0x20));
    const auto candidate = load(&kHeaderNames.text[row][0] - ahead);
    const std::uint32_t same = Simd::equal(text, candidate) >> ahead;
    const std::uint32_t differs = _bzhi_u32(~same, names.bytes[line] + 1U);
    names.row[line] = static_cast<std::uint8_t>(differs == 0 ? row : kNoNameRow);
    return differs == 0;
}

// Are the names that are in no row tokens?
[[gnu::always_inline]] inline bool are_tokens(Lines lines, std::size_t count, const Names& names) {
    for (std::size_t line = 0; line < count; ++line) {
        if (names.row[line] == kNoNameRow &&
            !is_token_name(lines.data + lines.start(line), names.bytes[line])) {
            return false;
        }
    }
    return true;
}

// Second pass up to the names. False: a line is not plain.
template <class Simd>
[[gnu::noinline]] bool find_names(Lines lines, std::size_t count, Names& names) {
    std::size_t full = count; // lines with 32 bytes from their start on
    while (full > 0 && lines.ahead(full - 1) != 0) {
        --full;
    }
    if (count > 0 && lines.bytes - lines.start(count - 1) < sizeof(std::uint64_t)) {
        return false;
    }
    for (std::size_t line = 0; line < full; ++line) {
        guess_name<Simd>(lines, line, 0, names);
    }
    for (std::size_t line = full; line < count; ++line) {
        guess_name<Simd>(lines, line, lines.ahead(line), names);
    }
    bool known = true;
    for (std::size_t line = 0; line < full; ++line) {
        known &= compare_name<Simd>(lines, line, 0, names);
    }
    for (std::size_t line = full; line < count; ++line) {
        known &= compare_name<Simd>(lines, line, lines.ahead(line), names);
    }
    return known || are_tokens(lines, count, names);
}

[[gnu::always_inline]] inline bool is_visible_character(char c) {
    return static_cast<unsigned char>(c) > ' ';
}

[[gnu::always_inline]] inline bool is_blank_character(char c) {
    return c == ' ' || c == '\t';
}

// The value of a line: [start, end) of the message, as one entry of the index wants it.
[[gnu::always_inline]] inline std::uint64_t
value_of(const char* data, std::size_t behind_colon, std::size_t end) {
    std::size_t start = behind_colon + 1; // most have one space there, and none at the end
    if (data[behind_colon] != ' ' || !is_visible_character(data[start]) ||
        !is_visible_character(data[end - 1])) {
        start = behind_colon;
        while (start < end && is_blank_character(data[start])) {
            ++start;
        }
        while (start < end && is_blank_character(data[end - 1])) {
            --end;
        }
    }
    return start << 16U | (end - start) << 32U;
}

// False: the line does not end in CRLF.
[[gnu::always_inline]] inline bool
store_line(Lines lines, std::size_t line, const Names& names, unsigned char* to) {
    const std::size_t start = lines.start(line);
    const std::size_t end = lines.newline(line) - 1;
    const std::uint64_t id = kHeaderNames.id[names.row[line]];
    const std::uint64_t entry =
        start | value_of(lines.data, start + names.bytes[line] + 1, end) | id << 48U;
    __builtin_memcpy(to, &entry, sizeof entry);
    return lines.data[end] == '\r';
}

// Second pass from the names on: lines, first, present. False: a line is not plain.
template <class Simd>
[[gnu::noinline]] bool
store_lines(Lines lines, std::size_t count, const Names& names, MessageIndex& out) {
    auto* const index = reinterpret_cast<unsigned char*>(&out);
    unsigned char* to = index + offsetof(MessageIndex, lines);
    Links links(index);
    std::size_t singletons = 0;
    bool plain = true;
    for (std::size_t line = 0; line < count; ++line) {
        plain &= store_line(lines, line, names, to);
        links.add(kHeaderNames.id[names.row[line]], line);
        singletons += kHeaderNames.is_singleton[names.row[line]];
        to += sizeof(HeaderLine);
    }
    const std::uint64_t present[2] = {links.added(0), links.added(1)};
    __builtin_memcpy(index + offsetof(MessageIndex, present), present, sizeof present);
    const auto different = static_cast<std::size_t>(_mm_popcnt_u64(present[0] & kSingletonIds[0]) +
                                                    _mm_popcnt_u64(present[1] & kSingletonIds[1]));
    return plain && different == singletons;
}

template <class Simd>
[[gnu::always_inline]] inline PlainHead
read_plain_head(const char* data, std::size_t bytes, std::size_t from, MessageIndex& out) {
    if (bytes < kBlockBytes) {
        return {};
    }
    LineEnds ends;
    find_line_ends<Simd>(data, bytes, from, ends);
    // All CR are counted: when each line has one at its end, none is elsewhere.
    if (ends.count == 0 || ends.count != ends.carriage_returns) {
        return {};
    }
    const Lines lines{data, bytes, ends.positions};
    const std::size_t count = ends.count - 2; // without the start line and the empty line
    const std::size_t start_line = ends.positions[0];
    const std::size_t empty_line = ends.positions[count + 1];
    Names names;
    const bool plain = data[start_line - 1] == '\r' && data[empty_line - 1] == '\r' &&
                       find_names<Simd>(lines, count, names) &&
                       store_lines<Simd>(lines, count, names, out);
    if (!plain) {
        return {};
    }
    out.header_count = static_cast<std::uint16_t>(count);
    return {.start_line_end = start_line, .bytes = empty_line + 1};
}

} // namespace

} // namespace tandem::sipparse
