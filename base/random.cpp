// SPDX-License-Identifier: Apache-2.0
//
// ChaCha20 as RFC 8439 section 2.3 describes it. A call needs a hundred random bytes.
#include "base/random.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <sys/random.h>

#include "base/assert.hpp"

namespace tandem::base {

namespace {

static_assert(std::endian::native == std::endian::little, "rows are loaded as they lie");

// A row of the state of section 2.3: four words that are worked on at a time.
using Row = std::uint32_t __attribute__((vector_size(16)));

std::uint32_t load_word(const std::uint8_t* bytes) noexcept {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

Row load_row(const std::uint8_t* bytes) noexcept {
    Row row;
    std::memcpy(&row, bytes, sizeof row);
    return row;
}

Row rotate_left(Row row, unsigned bits) noexcept {
    return (row << bits) | (row >> (32 - bits));
}

// A quarter round on each of the four columns.
void quarter_rounds(std::array<Row, 4>& s) noexcept {
    s[0] += s[1];
    s[3] = rotate_left(s[3] ^ s[0], 16);
    s[2] += s[3];
    s[1] = rotate_left(s[1] ^ s[2], 12);
    s[0] += s[1];
    s[3] = rotate_left(s[3] ^ s[0], 8);
    s[2] += s[3];
    s[1] = rotate_left(s[1] ^ s[2], 7);
}

// Columns, then diagonals: rows are turned so that diagonals become columns, and back.
void double_round(std::array<Row, 4>& s) noexcept {
    quarter_rounds(s);
    s[1] = __builtin_shufflevector(s[1], s[1], 1, 2, 3, 0);
    s[2] = __builtin_shufflevector(s[2], s[2], 2, 3, 0, 1);
    s[3] = __builtin_shufflevector(s[3], s[3], 3, 0, 1, 2);
    quarter_rounds(s);
    s[1] = __builtin_shufflevector(s[1], s[1], 3, 0, 1, 2);
    s[2] = __builtin_shufflevector(s[2], s[2], 2, 3, 0, 1);
    s[3] = __builtin_shufflevector(s[3], s[3], 1, 2, 3, 0);
}

} // namespace

RandomSeed seed_from_system() noexcept {
    RandomSeed seed{};
    const ssize_t got = ::getrandom(seed.data(), seed.size(), 0);
    TANDEM_ASSERT(got == static_cast<ssize_t>(seed.size()));
    return seed;
}

std::array<std::uint8_t, 64> chacha20_block(const RandomSeed& key,
                                            std::uint32_t counter,
                                            const std::array<std::uint8_t, 12>& nonce) noexcept {
    constexpr int kDoubleRounds = 10;
    const std::array<Row, 4> start = {
        Row{0x61707865, 0x3320646E, 0x79622D32, 0x6B206574},
        load_row(key.data()),
        load_row(key.data() + sizeof(Row)),
        Row{counter, load_word(nonce.data()), load_word(&nonce[4]), load_word(&nonce[8])},
    };
    std::array<Row, 4> s = start;
    for (int round = 0; round < kDoubleRounds; ++round) {
        double_round(s);
    }
    std::array<std::uint8_t, 64> block;
    for (std::size_t row = 0; row < s.size(); ++row) {
        s[row] += start[row];
        std::memcpy(&block[row * sizeof(Row)], &s[row], sizeof(Row));
    }
    return block;
}

RandomStream::RandomStream(const RandomSeed& seed) noexcept : key_(seed) {}

// The block number takes the 32 bits of the counter and the first 32 of the nonce, so the stream
// does not end before 2^70 bytes.
void RandomStream::refill() noexcept {
    std::array<std::uint8_t, 12> nonce{};
    for (unsigned byte = 0; byte < 4; ++byte) {
        nonce[byte] = static_cast<std::uint8_t>(block_count_ >> (32 + 8 * byte));
    }
    block_ = chacha20_block(key_, static_cast<std::uint32_t>(block_count_), nonce);
    ++block_count_;
    used_ = 0;
}

void RandomStream::fill(std::span<std::byte> out) noexcept {
    while (!out.empty()) {
        if (used_ == block_.size()) {
            refill();
        }
        const std::size_t count = std::min(out.size(), block_.size() - used_);
        std::memcpy(out.data(), &block_[used_], count);
        used_ += count;
        out = out.subspan(count);
    }
}

std::uint64_t RandomStream::next_u64() noexcept {
    std::array<std::byte, 8> bytes{};
    fill(bytes);
    return std::bit_cast<std::uint64_t>(bytes);
}

std::uint64_t RandomStream::below(std::uint64_t bound) noexcept {
    TANDEM_ASSERT(bound > 0);
    // Numbers under 2^64 mod bound would make the small results more likely.
    const std::uint64_t biased = (std::uint64_t{0} - bound) % bound;
    std::uint64_t number = next_u64();
    while (number < biased) {
        number = next_u64();
    }
    return number % bound;
}

void RandomStream::fill_hex(std::span<char> out) noexcept {
    constexpr char kDigits[] = "0123456789abcdef";
    std::uint64_t bits = 0;
    for (std::size_t at = 0; at < out.size(); ++at) {
        if (at % 16 == 0) {
            bits = next_u64();
        }
        out[at] = kDigits[bits & 0xFU];
        bits >>= 4U;
    }
}

} // namespace tandem::base
