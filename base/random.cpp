// SPDX-License-Identifier: Apache-2.0
//
// ChaCha20 as RFC 8439 section 2.3 describes it. Speed is of no concern here: a call needs a few
// dozen random bytes.
#include "base/random.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <sys/random.h>

#include "base/assert.hpp"

namespace tandem::base {

namespace {

using State = std::array<std::uint32_t, 16>;

std::uint32_t load_little(const std::uint8_t* bytes) noexcept {
    return std::uint32_t{bytes[0]} | std::uint32_t{bytes[1]} << 8U |
           std::uint32_t{bytes[2]} << 16U | std::uint32_t{bytes[3]} << 24U;
}

void quarter_round(State& s, unsigned a, unsigned b, unsigned c, unsigned d) noexcept {
    s[a] += s[b];
    s[d] = std::rotl(s[d] ^ s[a], 16);
    s[c] += s[d];
    s[b] = std::rotl(s[b] ^ s[c], 12);
    s[a] += s[b];
    s[d] = std::rotl(s[d] ^ s[a], 8);
    s[c] += s[d];
    s[b] = std::rotl(s[b] ^ s[c], 7);
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
    State start{0x61707865, 0x3320646E, 0x79622D32, 0x6B206574};
    for (unsigned word = 0; word < 8; ++word) {
        start[4 + word] = load_little(&key[std::size_t{word} * 4]);
    }
    start[12] = counter;
    for (unsigned word = 0; word < 3; ++word) {
        start[13 + word] = load_little(&nonce[std::size_t{word} * 4]);
    }
    State s = start;
    for (int double_round = 0; double_round < 10; ++double_round) {
        quarter_round(s, 0, 4, 8, 12);
        quarter_round(s, 1, 5, 9, 13);
        quarter_round(s, 2, 6, 10, 14);
        quarter_round(s, 3, 7, 11, 15);
        quarter_round(s, 0, 5, 10, 15);
        quarter_round(s, 1, 6, 11, 12);
        quarter_round(s, 2, 7, 8, 13);
        quarter_round(s, 3, 4, 9, 14);
    }
    std::array<std::uint8_t, 64> block{};
    for (unsigned word = 0; word < 16; ++word) {
        const std::uint32_t sum = s[word] + start[word];
        for (unsigned byte = 0; byte < 4; ++byte) {
            block[std::size_t{word} * 4 + byte] = static_cast<std::uint8_t>(sum >> (8 * byte));
        }
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
