// SPDX-License-Identifier: Apache-2.0
//
// SipHash-2-4: the vectors published with it (key 00..0f, input 00, 01, …), and parts against the
// whole.
#include <array>
#include <string>

#include "gtest/gtest.h"

#include "base/siphash.hpp"

namespace tandem::base {
namespace {

SipHashKey vector_key() {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        bytes[at] = static_cast<std::uint8_t>(at);
    }
    return SipHashKey::from_bytes(bytes);
}

std::string counting(std::size_t length) {
    std::string text;
    for (std::size_t at = 0; at < length; ++at) {
        text += static_cast<char>(at);
    }
    return text;
}

TEST(SipHash, PublishedVectors) {
    EXPECT_EQ(siphash(vector_key(), {}), 0x726FDB47DD0E0E31U);
    EXPECT_EQ(siphash(vector_key(), counting(1)), 0x74F839C593DC67FDU);
    EXPECT_EQ(siphash(vector_key(), counting(7)), 0xAB0200F58B01D137U);
    EXPECT_EQ(siphash(vector_key(), counting(8)), 0x93F5F5799A932462U);
    EXPECT_EQ(siphash(vector_key(), counting(15)), 0xA129CA6149BE45E5U);
}

TEST(SipHash, PartsHashLikeTheWhole) {
    const std::string text = counting(50);
    const std::string_view view = text;
    for (std::size_t first = 0; first <= view.size(); ++first) {
        for (std::size_t second = first; second <= view.size(); second += 3) {
            SipHash hash(vector_key());
            hash.add(view.substr(0, first)).add(view.substr(first, second - first));
            hash.add(view.substr(second));
            ASSERT_EQ(hash.finish(), siphash(vector_key(), view)) << first << " " << second;
        }
    }
}

TEST(SipHash, NumbersAreEightBytes) {
    EXPECT_EQ(SipHash(vector_key()).add(std::uint64_t{0x0706050403020100}).finish(),
              siphash(vector_key(), counting(8)));
}

TEST(SipHash, KeyMatters) {
    EXPECT_NE(siphash({.low = 1, .high = 0}, "a"), siphash({.low = 0, .high = 1}, "a"));
}

} // namespace
} // namespace tandem::base
