// SPDX-License-Identifier: Apache-2.0
//
// Pool: handles, staleness, exhaustion, order, and a random run against a reference model.
#include <map>
#include <memory>
#include <vector>

#include "gtest/gtest.h"

#include "base/pool.hpp"
#include "base/random.hpp"

namespace tandem::base {
namespace {

struct Thing {
    explicit Thing(int number_given, std::shared_ptr<int> life_given = {})
        : number(number_given), life(std::move(life_given)) {}

    int number;
    std::shared_ptr<int> life;
};

using ThingPool = Pool<Thing>;

TEST(Pool, GivesObjectsByHandleAndTakesThemBack) {
    ThingPool pool("things", 3);
    const auto handle = pool.create(7);
    ASSERT_TRUE(handle.is_set());
    ASSERT_NE(pool.get(handle), nullptr);
    EXPECT_EQ(pool.get(handle)->number, 7);
    EXPECT_EQ(pool.at(handle.index), pool.get(handle));
    EXPECT_EQ(pool.handle_at(handle.index), handle);
    EXPECT_EQ(pool.in_use(), 1U);
    EXPECT_TRUE(pool.destroy(handle));
    EXPECT_EQ(pool.get(handle), nullptr);
    EXPECT_EQ(pool.at(handle.index), nullptr);
    EXPECT_FALSE(pool.handle_at(handle.index).is_set());
    EXPECT_FALSE(pool.destroy(handle));
    EXPECT_EQ(pool.in_use(), 0U);
    EXPECT_EQ(pool.peak(), 1U);
}

TEST(Pool, RefusesHandlesItNeverGave) {
    ThingPool pool("things", 2);
    const auto handle = pool.create(1);
    EXPECT_EQ(pool.get({}), nullptr);
    EXPECT_EQ(pool.get({.index = 1, .generation = 0}), nullptr); // a slot that was never used
    EXPECT_EQ(pool.get({.index = 1, .generation = 1}), nullptr);
    EXPECT_EQ(pool.get({.index = 2, .generation = 1}), nullptr);
    EXPECT_EQ(pool.get({.index = 0xFFFFFFFF, .generation = 1}), nullptr);
    EXPECT_EQ(pool.get({.index = handle.index, .generation = handle.generation + 1}), nullptr);
}

TEST(Pool, ReusedSlotHasAnotherGeneration) {
    ThingPool pool("things", 1);
    const auto first = pool.create(1);
    pool.destroy(first);
    const auto second = pool.create(2);
    EXPECT_EQ(first.index, second.index);
    EXPECT_NE(first.generation, second.generation);
    EXPECT_EQ(pool.get(first), nullptr);
    EXPECT_EQ(pool.get(second)->number, 2);
}

TEST(Pool, FullPoolSaysNoAndCounts) {
    ThingPool pool("things", 2);
    const auto first = pool.create(1);
    EXPECT_TRUE(pool.create(2).is_set());
    EXPECT_TRUE(pool.is_full());
    EXPECT_FALSE(pool.create(3).is_set());
    EXPECT_FALSE(pool.create(4).is_set());
    EXPECT_EQ(pool.refused(), 2U);
    EXPECT_STREQ(pool.name(), "things");
    pool.destroy(first);
    EXPECT_TRUE(pool.create(5).is_set());
}

TEST(Pool, EndsObjectsWhenItDies) {
    const auto life = std::make_shared<int>(1);
    {
        ThingPool pool("things", 4);
        static_cast<void>(pool.create(1, life));
        pool.destroy(pool.create(2, life));
        EXPECT_EQ(life.use_count(), 2);
    }
    EXPECT_EQ(life.use_count(), 1);
}

TEST(Pool, VisitsInIndexOrderAndAllowsDestroyingMeanwhile) {
    ThingPool pool("things", 8);
    for (int number = 0; number < 6; ++number) {
        static_cast<void>(pool.create(number));
    }
    pool.destroy(pool.handle_at(2));
    std::vector<int> seen;
    pool.for_each([&](ThingPool::HandleType handle, Thing& thing) {
        seen.push_back(thing.number);
        pool.destroy(handle);
    });
    EXPECT_EQ(seen, (std::vector<int>{0, 1, 3, 4, 5}));
    EXPECT_EQ(pool.in_use(), 0U);
}

TEST(Pool, BehavesLikeAMapUnderRandomUse) {
    constexpr std::uint32_t kCapacity = 50;
    ThingPool pool("things", kCapacity);
    RandomStream random(RandomSeed{1});
    std::map<std::uint64_t, int> model;
    std::vector<ThingPool::HandleType> ever;
    std::uint64_t refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        if (random.below(2) == 0) {
            const auto handle = pool.create(round);
            if (model.size() == kCapacity) {
                EXPECT_FALSE(handle.is_set());
                ++refused;
                continue;
            }
            ASSERT_TRUE(handle.is_set());
            ASSERT_TRUE(model.emplace(handle.packed(), round).second);
            ever.push_back(handle);
        } else if (!ever.empty()) {
            const auto handle = ever[random.below(ever.size())];
            const auto found = model.find(handle.packed());
            ASSERT_EQ(pool.get(handle) != nullptr, found != model.end());
            if (found != model.end()) {
                ASSERT_EQ(pool.get(handle)->number, found->second);
            }
            ASSERT_EQ(pool.destroy(handle), model.erase(handle.packed()) == 1);
        }
        ASSERT_EQ(pool.in_use(), model.size());
    }
    EXPECT_EQ(pool.refused(), refused);
}

struct alignas(64) Wide {
    std::uint64_t word = 0;
};

TEST(Pool, KeepsAlignment) {
    Pool<Wide> pool("wide", 4);
    for (int count = 0; count < 4; ++count) {
        const auto* wide = pool.get(pool.create());
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(wide) % alignof(Wide), 0U);
    }
}

} // namespace
} // namespace tandem::base
