// SPDX-License-Identifier: Apache-2.0
//
// What SipHash (siphash.hpp) and TableHash (table_hash.hpp) share: state, round, words of text.
// Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012. Inside base only; pure.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/siphash.hpp"

namespace tandem::base {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

inline constexpr std::size_t kSipWordBytes = 8;

[[nodiscard]] constexpr SipState sip_state(const SipHashKey& key) noexcept {
    return {.v0 = key.low ^ 0x736F6D6570736575,
            .v1 = key.high ^ 0x646F72616E646F6D,
            .v2 = key.low ^ 0x6C7967656E657261,
            .v3 = key.high ^ 0x7465646279746573};
}

[[gnu::always_inline]] inline void sip_round(SipState& v) noexcept {
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

template <typename Word>
[[nodiscard]] std::uint64_t load_sip_bytes(const char* bytes) noexcept {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

[[nodiscard]] inline std::uint64_t load_sip_word(const char* bytes) noexcept {
    return load_sip_bytes<std::uint64_t>(bytes);
}

// Up to seven bytes as a little endian number: two reads that overlap, no loop.
[[nodiscard]] inline std::uint64_t load_sip_tail(const char* bytes, std::size_t count) noexcept {
    if (count >= 4) {
        const std::size_t second = count - 4;
        return load_sip_bytes<std::uint32_t>(bytes) | load_sip_bytes<std::uint32_t>(bytes + second)
                                                          << (8 * second);
    }
    if (count >= 2) {
        const std::size_t second = count - 2;
        return load_sip_bytes<std::uint16_t>(bytes) | load_sip_bytes<std::uint16_t>(bytes + second)
                                                          << (8 * second);
    }
    return count == 0 ? 0 : static_cast<unsigned char>(*bytes);
}

} // namespace tandem::base
