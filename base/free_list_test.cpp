// SPDX-License-Identifier: Apache-2.0
//
// Places are given out once until they come back, the last one first.
#include <random>
#include <set>

#include "gtest/gtest.h"

#include "base/free_list.hpp"

namespace tandem::base {

namespace {

TEST(FreeListTest, OfNoPlaces) {
    FreeList list;
    EXPECT_FALSE(list.take());
    EXPECT_FALSE(list.coming(0));
    EXPECT_EQ(list.used(), 0U);
}

TEST(FreeListTest, GivesEachPlaceOnce) {
    FreeList list("test", 3, PageChoice::Transparent);
    EXPECT_EQ(list.take(), 0U);
    EXPECT_EQ(list.take(), 1U);
    EXPECT_EQ(list.take(), 2U);
    EXPECT_FALSE(list.take());
    EXPECT_EQ(list.used(), 3U);
    EXPECT_EQ(list.capacity(), 3U);
}

TEST(FreeListTest, WhatCameBackLastGoesFirst) {
    FreeList list("test", 4, PageChoice::Transparent);
    for (std::uint32_t place = 0; place < 3; ++place) {
        ASSERT_EQ(list.take(), place);
    }
    list.give(0);
    list.give(2);
    EXPECT_EQ(list.used(), 1U);
    EXPECT_EQ(list.coming(0), 2U);
    EXPECT_EQ(list.coming(1), 0U);
    EXPECT_FALSE(list.coming(2)); // never used: nothing to fetch
    EXPECT_EQ(list.take(), 2U);
    EXPECT_EQ(list.take(), 0U);
    EXPECT_EQ(list.take(), 3U);
    EXPECT_FALSE(list.take());
}

TEST(FreeListTest, RandomTakesAndGives) {
    constexpr std::uint32_t kPlaces = 50;
    FreeList list("test", kPlaces, PageChoice::Transparent);
    std::set<std::uint32_t> taken;
    std::mt19937 random(3);
    for (int round = 0; round < 20'000; ++round) {
        if (random() % 2 == 0) {
            const auto place = list.take();
            ASSERT_EQ(place.has_value(), taken.size() < kPlaces);
            ASSERT_TRUE(!place || (*place < kPlaces && taken.insert(*place).second));
        } else if (!taken.empty()) {
            const auto at = std::next(taken.begin(), static_cast<long>(random() % taken.size()));
            list.give(*at);
            taken.erase(at);
        }
        ASSERT_EQ(list.used(), taken.size());
    }
}

} // namespace

} // namespace tandem::base
