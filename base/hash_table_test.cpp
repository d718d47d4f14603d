// SPDX-License-Identifier: Apache-2.0
//
// HashTable against std::multimap under random use, with hashes that collide on purpose.
#include <set>

#include "gtest/gtest.h"

#include "base/hash_table.hpp"
#include "base/random.hpp"

namespace tandem::base {
namespace {

constexpr auto kAny = [](std::uint32_t) { return true; };

TEST(HashTable, FindsWhatTheCallerCallsEqual) {
    HashTable table("table", 4);
    EXPECT_TRUE(table.insert(5, 50));
    EXPECT_TRUE(table.insert(5, 51));
    EXPECT_EQ(table.find(5, [](std::uint32_t value) { return value == 51; }), 51U);
    EXPECT_EQ(table.find(5, [](std::uint32_t) { return false; }), std::nullopt);
    EXPECT_EQ(table.find(6, kAny), std::nullopt);
    EXPECT_FALSE(table.erase(5, 52));
    EXPECT_TRUE(table.erase(5, 51));
    EXPECT_EQ(table.find(5, kAny), 50U);
    EXPECT_EQ(table.size(), 1U);
}

TEST(HashTable, FullTableSaysNoAndCounts) {
    HashTable table("table", 2);
    EXPECT_TRUE(table.insert(1, 1));
    EXPECT_TRUE(table.insert(2, 2));
    EXPECT_FALSE(table.insert(3, 3));
    EXPECT_EQ(table.refused(), 1U);
    EXPECT_EQ(table.find(3, kAny), std::nullopt);
    table.clear();
    EXPECT_EQ(table.size(), 0U);
    EXPECT_EQ(table.find(1, kAny), std::nullopt);
    EXPECT_TRUE(table.insert(3, 3));
}

TEST(HashTable, ProbesWrapAroundTheEnd) {
    HashTable table("table", 6); // 16 slots
    for (std::uint32_t value = 0; value < 6; ++value) {
        ASSERT_TRUE(table.insert(15, value)); // all want the last slot
    }
    EXPECT_TRUE(table.erase(15, 0));
    EXPECT_TRUE(table.erase(15, 3));
    std::set<std::uint32_t> values;
    table.for_each_match(15, [&](std::uint32_t value) { values.insert(value); });
    EXPECT_EQ(values, (std::set<std::uint32_t>{1, 2, 4, 5}));
}

using Model = std::set<std::pair<std::uint64_t, std::uint32_t>>;

void expect_all_found(const HashTable& table, const Model& model) {
    for (const auto& [hash, value] : model) {
        const std::uint32_t wanted = value;
        ASSERT_EQ(table.find(hash, [wanted](std::uint32_t at) { return at == wanted; }), value);
    }
}

void erase_near(HashTable& table, Model& model, std::uint64_t hash) {
    auto victim = model.lower_bound({hash, 0});
    victim = victim == model.end() ? model.begin() : victim;
    ASSERT_TRUE(table.erase(victim->first, victim->second));
    ASSERT_FALSE(table.erase(victim->first, victim->second));
    model.erase(victim);
}

TEST(HashTable, EqualsTheModelUnderRandomUse) {
    constexpr std::uint32_t kCapacity = 100;
    HashTable table("table", kCapacity);
    RandomStream random(RandomSeed{9});
    Model model;
    for (std::uint32_t round = 0; round < 50'000; ++round) {
        // 200 hashes over 256 slots, many with the same home.
        const std::uint64_t hash = random.below(50) * 3 + (random.below(4) << 32U);
        if (random.below(100) < 52) {
            ASSERT_EQ(table.insert(hash, round), model.size() < kCapacity);
            if (model.size() < kCapacity) {
                model.emplace(hash, round);
            }
        } else if (!model.empty()) {
            erase_near(table, model, hash);
        }
        ASSERT_EQ(table.size(), model.size());
        if (round % 50 == 0) {
            expect_all_found(table, model);
        }
    }
}

} // namespace
} // namespace tandem::base
