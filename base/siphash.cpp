// SPDX-License-Identifier: Apache-2.0
//
// SipHash with two rounds per eight bytes and four at the end, as its authors' paper gives it.
#include "base/siphash.hpp"

#include <bit>
#include <cstring>

namespace tandem::base {

namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

// The state in registers: a step that went through members would be a step through memory.
struct Words {
    std::uint64_t v0;
    std::uint64_t v1;
    std::uint64_t v2;
    std::uint64_t v3;
};

[[gnu::always_inline]] inline void sip_round(Words& v) noexcept {
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

[[gnu::always_inline]] inline void compress(Words& v, std::uint64_t word) noexcept {
    v.v3 ^= word;
    sip_round(v);
    sip_round(v);
    v.v0 ^= word;
}

template <typename Word>
std::uint64_t load_at(const char* bytes) noexcept {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

std::uint64_t load_eight(const char* bytes) noexcept {
    return load_at<std::uint64_t>(bytes);
}

// Up to seven bytes as a little endian number: two reads that overlap, no loop.
std::uint64_t load_tail(const char* bytes, std::size_t count) noexcept {
    if (count >= 4) {
        const std::size_t second = count - 4;
        return load_at<std::uint32_t>(bytes) | load_at<std::uint32_t>(bytes + second)
                                                   << (8 * second);
    }
    if (count >= 2) {
        const std::size_t second = count - 2;
        return load_at<std::uint16_t>(bytes) | load_at<std::uint16_t>(bytes + second)
                                                   << (8 * second);
    }
    return count == 0 ? 0 : static_cast<unsigned char>(*bytes);
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
    Words words{.v0 = v0_, .v1 = v1_, .v2 = v2_, .v3 = v3_};
    const std::size_t held = length_bytes_ % 8;
    length_bytes_ += bytes.size();
    if (held > 0) {
        const std::size_t wanted = 8 - held;
        if (bytes.size() < wanted) {
            tail_ |= load_tail(bytes.data(), bytes.size()) << (8 * held);
            return *this;
        }
        compress(words, tail_ | load_tail(bytes.data(), wanted) << (8 * held));
        bytes.remove_prefix(wanted);
    }
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
        compress(words, load_eight(bytes.data()));
    }
    tail_ = load_tail(bytes.data(), bytes.size());
    v0_ = words.v0;
    v1_ = words.v1;
    v2_ = words.v2;
    v3_ = words.v3;
    return *this;
}

SipHash& SipHash::add(std::uint64_t number) noexcept {
    char bytes[8];
    std::memcpy(bytes, &number, sizeof bytes);
    return add(std::string_view(bytes, sizeof bytes));
}

std::uint64_t SipHash::finish() const noexcept {
    Words words{.v0 = v0_, .v1 = v1_, .v2 = v2_, .v3 = v3_};
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
