// SPDX-License-Identifier: Apache-2.0
//
// TableHash is SipHash-1-3 over words (compared with a plain version of it): the lengths, then the
// texts, with the last word of each overlapping the one before.
#include <array>
#include <bit>
#include <cstring>
#include <set>
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

void append_words(const std::string& text, std::vector<std::uint64_t>& words) {
    for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
        words.push_back(word_at(text, at));
    }
    words.push_back(word_at(text, text.size() < 8 ? 0 : text.size() - 8));
}

TEST(TableHash, TextsOfEveryLength) {
    std::string text;
    for (std::size_t bytes = 0; bytes <= 40; ++bytes) {
        std::vector<std::uint64_t> words = {bytes};
        append_words(text, words);
        EXPECT_EQ(TableHash(kKey).add(text).finish(), plain_siphash(kKey, words)) << bytes;
        text += static_cast<char>('a' + bytes);
    }
}

TEST(TableHash, LengthsComeBeforeAllTexts) {
    const std::array<std::string, 5> texts = {"a", "", "three", "more than eight", "b"};
    std::vector<std::uint64_t> words = {1U | 5ULL << 32U | 15ULL << 48U, 1};
    for (const std::string& text : texts) {
        append_words(text, words);
    }
    EXPECT_EQ(TableHash(kKey).add(texts[0], texts[1], texts[2], texts[3], texts[4]).finish(),
              plain_siphash(kKey, words));
}

TEST(TableHash, NothingMovesFromATextToTheNext) {
    const std::string text = "z9hG4bK0123456789";
    std::set<std::uint64_t> hashes;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        hashes.insert(TableHash(kKey).add(text.substr(0, cut), text.substr(cut)).finish());
    }
    EXPECT_EQ(hashes.size(), text.size() + 1);
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
