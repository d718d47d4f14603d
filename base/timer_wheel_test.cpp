// SPDX-License-Identifier: Apache-2.0
//
// TimerWheel: never early, in order, across all levels, and equal to a reference model (a sorted
// list) under a long random run with jumps of time.
#include <algorithm>
#include <deque>
#include <vector>

#include "gtest/gtest.h"

#include "base/random.hpp"
#include "base/timer_wheel.hpp"

namespace tandem::base {
namespace {

constexpr MonotonicNs kStart = 1'234'567'890'123;

std::vector<std::uint64_t> fire(TimerWheel& wheel, MonotonicNs now) {
    std::vector<std::uint64_t> owners;
    wheel.advance(now, [&](TimerNode& node) { owners.push_back(node.owner); });
    return owners;
}

using Owners = std::vector<std::uint64_t>;

TEST(TimerWheel, FiresAtTheTickAfterTheDeadlineAndNeverBefore) {
    TimerWheel wheel(kStart);
    TimerNode node;
    node.owner = 1;
    const MonotonicNs deadline = kStart + 5 * kNsPerMs;
    wheel.arm(node, deadline);
    EXPECT_TRUE(node.is_armed());
    EXPECT_EQ(node.deadline(), deadline);
    EXPECT_TRUE(fire(wheel, deadline - 1).empty());
    EXPECT_EQ(fire(wheel, deadline + kNsPerMs), Owners{1});
    EXPECT_FALSE(node.is_armed());
    EXPECT_EQ(wheel.armed_count(), 0U);
}

TEST(TimerWheel, FiresOnTheDeadlineWhenItIsAWholeTick) {
    TimerWheel wheel(0);
    TimerNode node;
    wheel.arm(node, 7 * kNsPerMs);
    EXPECT_EQ(wheel.advance(7 * kNsPerMs - 1, [](TimerNode&) {}), 0U);
    EXPECT_EQ(wheel.advance(7 * kNsPerMs, [](TimerNode&) {}), 1U);
}

TEST(TimerWheel, PastDeadlinesFireAtTheNextAdvance) {
    TimerWheel wheel(kStart);
    TimerNode node;
    wheel.arm(node, 0);
    EXPECT_EQ(wheel.advance(kStart, [](TimerNode&) {}), 1U);
}

TEST(TimerWheel, KeepsTheOrderOfDeadlinesThenOfArming) {
    TimerWheel wheel(kStart);
    std::deque<TimerNode> nodes(5);
    const MonotonicNs far = kStart + 100'000 * kNsPerMs;
    wheel.arm(nodes[0], far); // armed from afar: goes down the levels later
    wheel.arm(nodes[1], kStart + 3 * kNsPerMs);
    fire(wheel, far - 2 * kNsPerMs);
    wheel.arm(nodes[2], far); // armed at close range
    wheel.arm(nodes[3], far - kNsPerMs);
    wheel.arm(nodes[4], far - kNsPerMs);
    for (std::size_t node = 0; node < nodes.size(); ++node) {
        nodes[node].owner = node;
    }
    EXPECT_EQ(fire(wheel, far + kNsPerS), (Owners{3, 4, 0, 2}));
}

TEST(TimerWheel, RearmingMovesAndCancellingRemoves) {
    TimerWheel wheel(kStart);
    TimerNode node;
    wheel.arm(node, kStart + kNsPerS);
    wheel.arm(node, kStart + 3 * kNsPerS);
    EXPECT_EQ(wheel.armed_count(), 1U);
    EXPECT_TRUE(fire(wheel, kStart + 2 * kNsPerS).empty());
    wheel.cancel(node);
    wheel.cancel(node);
    EXPECT_EQ(wheel.armed_count(), 0U);
    EXPECT_TRUE(fire(wheel, kStart + 9 * kNsPerS).empty());
    EXPECT_EQ(wheel.next_deadline(), std::nullopt);
}

TEST(TimerWheel, CallbackMayRearmItselfAndCancelOthersThatAreDue) {
    TimerWheel wheel(kStart);
    TimerNode first;
    TimerNode second;
    TimerNode third;
    for (TimerNode* node : {&first, &second, &third}) {
        wheel.arm(*node, kStart + kNsPerMs);
    }
    const MonotonicNs now = kStart + 10 * kNsPerMs;
    std::vector<const TimerNode*> seen;
    wheel.advance(now, [&](TimerNode& node) {
        seen.push_back(&node);
        EXPECT_FALSE(node.is_armed());
        wheel.arm(node, now); // due at once: not in this advance
        wheel.cancel(second);
    });
    EXPECT_EQ(seen, (std::vector<const TimerNode*>{&first, &third}));
    EXPECT_EQ(wheel.armed_count(), 2U);
    EXPECT_EQ(wheel.next_deadline(), now);
    EXPECT_EQ(wheel.advance(now, [](TimerNode&) {}), 2U);
}

TEST(TimerWheel, HoldsAnyDeadline) {
    TimerWheel wheel(kStart);
    TimerNode node;
    wheel.arm(node, ~MonotonicNs{0} - kNsPerS);
    EXPECT_TRUE(fire(wheel, kStart + std::uint64_t{365} * 86'400 * kNsPerS).empty());
    EXPECT_EQ(wheel.advance(~MonotonicNs{0}, [](TimerNode&) {}), 1U);
}

TEST(TimerWheel, TimeThatGoesBackCountsAsStandingStill) {
    TimerWheel wheel(kStart);
    TimerNode node;
    wheel.arm(node, kStart + kNsPerS);
    EXPECT_TRUE(fire(wheel, kStart + kNsPerS / 2).empty());
    EXPECT_TRUE(fire(wheel, 0).empty());
    EXPECT_EQ(wheel.advance(kStart + 2 * kNsPerS, [](TimerNode&) {}), 1U);
}

TEST(TimerWheel, SleepingByNextDeadlineReachesEveryTimerWithoutBeingLate) {
    RandomStream random(RandomSeed{3});
    TimerWheel wheel(kStart);
    std::deque<TimerNode> nodes(200);
    for (TimerNode& node : nodes) {
        wheel.arm(node, kStart + random.below(90'000 * kNsPerS));
    }
    std::size_t fired = 0;
    int steps = 0;
    while (const auto next = wheel.next_deadline()) {
        const MonotonicNs now = *next;
        fired += wheel.advance(now, [&](TimerNode& node) {
            EXPECT_LE(node.deadline(), now);
            EXPECT_GT(node.deadline() + kNsPerMs, now);
        });
        ASSERT_LT(++steps, 200 * 8);
    }
    EXPECT_EQ(fired, nodes.size());
}

// The reference: a list in arming order, searched linearly.
class Model {
  public:
    explicit Model(MonotonicNs now) : now_(now), tick_(now / kNsPerMs) {}

    void arm(std::uint64_t owner, MonotonicNs deadline) {
        cancel(owner);
        const std::uint64_t tick = (deadline + kNsPerMs - 1) / kNsPerMs;
        entries_.push_back({.owner = owner, .tick = deadline <= now_ ? tick_ : tick});
    }

    void cancel(std::uint64_t owner) {
        std::erase_if(entries_, [&](const Entry& entry) { return entry.owner == owner; });
    }

    Owners advance(MonotonicNs now) {
        now_ = std::max(now_, now);
        tick_ = now_ / kNsPerMs;
        std::ranges::stable_sort(entries_, {}, &Entry::tick);
        Owners owners;
        std::erase_if(entries_, [&](const Entry& entry) {
            if (entry.tick <= tick_) {
                owners.push_back(entry.owner);
            }
            return entry.tick <= tick_;
        });
        return owners;
    }

  private:
    struct Entry {
        std::uint64_t owner;
        std::uint64_t tick;
    };

    MonotonicNs now_;
    std::uint64_t tick_;
    std::vector<Entry> entries_;
};

// Distances from a tick to a day, each order of magnitude as likely as another.
MonotonicNs random_distance(RandomStream& random) {
    return random.below(std::uint64_t{1} << (10 + random.below(37)));
}

TEST(TimerWheel, EqualsTheModelUnderRandomUse) {
    for (std::uint8_t seed = 0; seed < 20; ++seed) {
        RandomStream random(RandomSeed{seed});
        MonotonicNs now = random.next_u64() >> 4U;
        TimerWheel wheel(now);
        Model model(now);
        std::deque<TimerNode> nodes(64);
        for (std::size_t node = 0; node < nodes.size(); ++node) {
            nodes[node].owner = node;
        }
        for (int round = 0; round < 2'000; ++round) {
            TimerNode& node = nodes[random.below(nodes.size())];
            const auto choice = random.below(10);
            if (choice < 6) {
                const MonotonicNs deadline =
                    now - std::min(now, random.below(kNsPerMs * 3)) + random_distance(random);
                wheel.arm(node, deadline);
                model.arm(node.owner, deadline);
            } else if (choice < 7) {
                wheel.cancel(node);
                model.cancel(node.owner);
            } else {
                now += random_distance(random);
                ASSERT_EQ(fire(wheel, now), model.advance(now)) << "seed " << int{seed};
            }
        }
    }
}

} // namespace
} // namespace tandem::base
