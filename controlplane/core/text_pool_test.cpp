// SPDX-License-Identifier: Apache-2.0
//
// Texts of every size, given back and taken again, until there is no room.
#include <string>

#include "gtest/gtest.h"

#include "controlplane/core/text_pool.hpp"

namespace tandem::controlplane {
namespace {

TEST(TextPoolTest, KeepsTextsOfEverySize) {
    TextPool pool(16);
    for (std::uint32_t bytes = 1; bytes <= kTextBytesMax; bytes = bytes * 2 + 1) {
        Text text;
        const std::string value(bytes, static_cast<char>('a' + bytes % 20));
        ASSERT_TRUE(pool.store(value, text));
        EXPECT_EQ(pool.view(text), value);
        pool.release(text);
        EXPECT_EQ(pool.view(text), "");
    }
    EXPECT_EQ(pool.in_use(), 0U);
}

TEST(TextPoolTest, AnEmptyTextNeedsNoRoom) {
    TextPool pool(1);
    Text text;
    ASSERT_TRUE(pool.store("x", text));
    ASSERT_TRUE(pool.store("", text));
    EXPECT_EQ(pool.in_use(), 0U);
}

TEST(TextPoolTest, AnotherTextTakesThePlace) {
    TextPool pool(1);
    Text text;
    ASSERT_TRUE(pool.store("first", text));
    ASSERT_TRUE(pool.store(std::string(100, 'b'), text));
    ASSERT_TRUE(pool.store(pool.view(text).substr(0, 3), text));
    EXPECT_EQ(pool.view(text), "bbb");
    EXPECT_EQ(pool.in_use(), 1U);
}

TEST(TextPoolTest, CountsWholeBlocksAndTheirPlacesInTheFreeList) {
    TextPool pool(1);
    Text small;
    Text large;
    ASSERT_TRUE(pool.store("x", small));
    ASSERT_TRUE(pool.store(std::string(100, 'b'), large));
    constexpr std::uint64_t kListEntry = 4;
    EXPECT_EQ(pool.bytes_in_use(), 64U + 128U + 2 * kListEntry);
    pool.release(small);
    pool.release(large);
    EXPECT_EQ(pool.bytes_in_use(), 0U);
}

TEST(TextPoolTest, TooLongIsRefusedAndLeavesTheOld) {
    TextPool pool(1);
    Text text;
    ASSERT_TRUE(pool.store("old", text));
    EXPECT_FALSE(pool.store(std::string(kTextBytesMax + 1, 'x'), text));
    EXPECT_EQ(pool.view(text), "old");
    EXPECT_EQ(pool.refused(), 1U);
}

TEST(TextPoolTest, AFullSizeBorrowsFromTheLargerUntilNothingIsLeft) {
    TextPool pool(1);
    std::vector<Text> texts(pool.capacity() + 1);
    std::uint32_t kept = 0;
    while (pool.store("tag", texts[kept])) {
        ++kept;
        ASSERT_LE(kept, pool.capacity());
    }
    EXPECT_EQ(kept, pool.capacity());
    EXPECT_EQ(pool.in_use(), kept);
    for (auto& text : texts) {
        pool.release(text);
    }
    EXPECT_EQ(pool.in_use(), 0U);
    EXPECT_TRUE(pool.store(std::string(kTextBytesMax, 'x'), texts[0]));
}

} // namespace
} // namespace tandem::controlplane
