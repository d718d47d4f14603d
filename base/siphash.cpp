// SPDX-License-Identifier: Apache-2.0
//
// SipHash with two rounds per eight bytes and four at the end, as its authors' paper gives it.
#include "base/siphash.hpp"

#include <bit>
#include <cstring>

namespace tandem::base {

namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

struct Words {
    std::uint64_t& v0;
    std::uint64_t& v1;
    std::uint64_t& v2;
    std::uint64_t& v3;
};

void sip_round(const Words& v) noexcept {
    v.v0 += v.v1;
    v.v1 = std::rotl(v.v1, 13) ^ v.v0;
    v.v0 = std::rotl(v.v0, 32);
    v.v2 += v.v3;
    v.v3 = std::rotl(v.v3, 16) ^ v.v2;
    v.v0 += v.v3;
    v.v3 = std::rotl(v.v3, 21) ^ v.v0;
    v.v2 += v.v1;
    v.v1 = std::rotl(v.v1, 17) ^ v.v2;
    v.v2 = std::rotl(v.v2, 32);
}

void compress(const Words& v, std::uint64_t word) noexcept {
    v.v3 ^= word;
    sip_round(v);
    sip_round(v);
    v.v0 ^= word;
}

// Up to eight bytes as a little endian number.
std::uint64_t load(const char* bytes, std::size_t count) noexcept {
    std::uint64_t word = 0;
    if (count > 0) { // memcpy must not be given the null pointer of an empty view
        std::memcpy(&word, bytes, count);
    }
    return word;
}

} // namespace

SipHashKey SipHashKey::from_bytes(std::span<const std::uint8_t, 16> bytes) noexcept {
    SipHashKey key;
    std::memcpy(&key.low, bytes.data(), 8);
    std::memcpy(&key.high, bytes.data() + 8, 8);
    return key;
}

SipHash::SipHash(const SipHashKey& key) noexcept
    : v0_(key.low ^ 0x736F6D6570736575), v1_(key.high ^ 0x646F72616E646F6D),
      v2_(key.low ^ 0x6C7967656E657261), v3_(key.high ^ 0x7465646279746573) {}

SipHash& SipHash::add(std::string_view bytes) noexcept {
    const Words words{.v0 = v0_, .v1 = v1_, .v2 = v2_, .v3 = v3_};
    const std::size_t held = length_bytes_ % 8;
    length_bytes_ += bytes.size();
    if (held > 0) {
        const std::size_t wanted = 8 - held;
        const std::size_t taken = bytes.size() < wanted ? bytes.size() : wanted;
        tail_ |= load(bytes.data(), taken) << (8 * held);
        if (taken < wanted) {
            return *this;
        }
        compress(words, tail_);
        bytes.remove_prefix(taken);
    }
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
        compress(words, load(bytes.data(), 8));
    }
    tail_ = load(bytes.data(), bytes.size());
    return *this;
}

SipHash& SipHash::add(std::uint64_t number) noexcept {
    char bytes[8];
    std::memcpy(bytes, &number, sizeof bytes);
    return add(std::string_view(bytes, sizeof bytes));
}

std::uint64_t SipHash::finish() const noexcept {
    SipHash copy = *this;
    const Words words{.v0 = copy.v0_, .v1 = copy.v1_, .v2 = copy.v2_, .v3 = copy.v3_};
    compress(words, length_bytes_ << 56U | tail_);
    words.v2 ^= 0xFF;
    for (int round = 0; round < 4; ++round) {
        sip_round(words);
    }
    return words.v0 ^ words.v1 ^ words.v2 ^ words.v3;
}

std::uint64_t siphash(const SipHashKey& key, std::string_view bytes) noexcept {
    return SipHash(key).add(bytes).finish();
}

} // namespace tandem::base
