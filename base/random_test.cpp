// SPDX-License-Identifier: Apache-2.0
//
// RandomStream: the vectors of RFC 8439, repeatability, ranges.
#include <algorithm>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "base/random.hpp"

namespace tandem::base {
namespace {

std::string to_hex(const std::array<std::uint8_t, 64>& block) {
    std::string text;
    for (const std::uint8_t byte : block) {
        text += "0123456789abcdef"[byte >> 4U];
        text += "0123456789abcdef"[byte & 0xFU];
    }
    return text;
}

// RFC 8439 section 2.3.2
TEST(Chacha20, BlockFunctionVector) {
    RandomSeed key{};
    for (std::size_t at = 0; at < key.size(); ++at) {
        key[at] = static_cast<std::uint8_t>(at);
    }
    const std::array<std::uint8_t, 12> nonce = {0, 0, 0, 9, 0, 0, 0, 0x4A, 0, 0, 0, 0};
    EXPECT_EQ(to_hex(chacha20_block(key, 1, nonce)),
              "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
              "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
}

// RFC 8439 appendix A.1, vectors 1 and 2
TEST(Chacha20, ZeroKeyVectors) {
    EXPECT_EQ(to_hex(chacha20_block({}, 0, {})),
              "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
              "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
    EXPECT_EQ(to_hex(chacha20_block({}, 1, {})),
              "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
              "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f");
}

TEST(RandomStream, IsTheKeyStreamFromBlockZero) {
    RandomStream stream(RandomSeed{});
    std::array<std::uint8_t, 128> bytes{};
    stream.fill(std::as_writable_bytes(std::span(bytes).first(5)));
    stream.fill(std::as_writable_bytes(std::span(bytes).subspan(5)));
    const auto first = chacha20_block({}, 0, {});
    const auto second = chacha20_block({}, 1, {});
    EXPECT_TRUE(std::ranges::equal(first, std::span(bytes).first(64)));
    EXPECT_TRUE(std::ranges::equal(second, std::span(bytes).subspan(64)));
}

TEST(RandomStream, RepeatsWithItsSeedOnly) {
    RandomStream one(RandomSeed{1});
    RandomStream same(RandomSeed{1});
    RandomStream other(RandomSeed{2});
    const auto number = one.next_u64();
    EXPECT_EQ(number, same.next_u64());
    EXPECT_NE(number, other.next_u64());
    EXPECT_NE(seed_from_system(), seed_from_system());
}

TEST(RandomStream, StaysBelowItsBoundAndReachesAllOfIt) {
    RandomStream stream(RandomSeed{4});
    std::set<std::uint64_t> seen;
    for (int round = 0; round < 1'000; ++round) {
        seen.insert(stream.below(7));
        EXPECT_EQ(stream.below(1), 0U);
    }
    EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5, 6}));
}

TEST(RandomStream, WritesHexOfAnyLength) {
    RandomStream stream(RandomSeed{5});
    for (std::size_t length = 0; length < 70; ++length) {
        std::string text(length + 1, '#');
        stream.fill_hex(std::span(text).first(length));
        EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), length);
    }
}

} // namespace
} // namespace tandem::base
