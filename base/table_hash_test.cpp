// SPDX-License-Identifier: Apache-2.0
//
// TableHash is SipHash-1-3 over words (compared with a plain version of it), with the last word of
// a text overlapping the one before.
#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "base/table_hash.hpp"

namespace tandem::base {
namespace {

constexpr SipHashKey kKey{.low = 0x0706050403020100, .high = 0x0f0e0d0c0b0a0908};

// As the paper writes it: c compression rounds, d final rounds.
std::uint64_t plain_siphash(const SipHashKey& key, const std::vector<std::uint64_t>& words) {
    std::array<std::uint64_t, 4> v = {0x736f6d6570736575 ^ key.low,
                                      0x646f72616e646f6d ^ key.high,
                                      0x6c7967656e657261 ^ key.low,
                                      0x7465646279746573 ^ key.high};
    const auto half = [&v](std::size_t a, std::size_t b, int bits, bool swap) {
        v[a] += v[b];
        v[b] = std::rotl(v[b], bits) ^ v[a];
        v[a] = swap ? std::rotl(v[a], 32) : v[a];
    };
    const auto round = [&half] {
        half(0, 1, 13, true);
        half(2, 3, 16, false);
        half(0, 3, 21, false);
        half(2, 1, 17, true);
    };
    for (const std::uint64_t word : words) {
        v[3] ^= word;
        round();
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 3; ++i) {
        round();
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

std::uint64_t word_at(const std::string& text, std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, std::min<std::size_t>(text.size() - at, 8));
    return word;
}

TEST(TableHash, WordsOfEveryLength) {
    std::string text;
    for (std::size_t bytes = 0; bytes <= 40; ++bytes) {
        std::vector<std::uint64_t> words;
        for (std::size_t at = 0; at + 8 < bytes; at += 8) {
            words.push_back(word_at(text, at));
        }
        words.push_back(word_at(text, bytes < 8 ? 0 : bytes - 8));
        EXPECT_EQ(TableHash(kKey).add(text).finish(), plain_siphash(kKey, words)) << bytes;
        text += static_cast<char>('a' + bytes);
    }
}

TEST(TableHash, NumbersAreWords) {
    EXPECT_EQ(TableHash(kKey).add(std::uint64_t{7}).add(std::uint64_t{8}).finish(),
              plain_siphash(kKey, {7, 8}));
    EXPECT_NE(TableHash(kKey).add(std::uint64_t{7}).add(std::uint64_t{8}).finish(),
              TableHash(kKey).add(std::uint64_t{8}).add(std::uint64_t{7}).finish());
}

TEST(TableHash, FinishLeavesTheHashAsItWas) {
    TableHash hash(kKey);
    hash.add("call");
    const std::uint64_t first = hash.finish();
    EXPECT_EQ(hash.finish(), first);
    EXPECT_NE(hash.add("tag").finish(), first);
}

TEST(TableHash, KeyMatters) {
    EXPECT_NE(TableHash({.low = 1, .high = 0}).add("a").finish(),
              TableHash({.low = 0, .high = 1}).add("a").finish());
}

} // namespace
} // namespace tandem::base
