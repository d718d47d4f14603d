// SPDX-License-Identifier: Apache-2.0
//
// The idle policy, walked through its table.
#include <gtest/gtest.h>

#include "dataplane/idle.hpp"

namespace tandem::dataplane {
namespace {

constexpr base::MonotonicNs kStart = base::kNsPerS;

TEST(IdlePolicy, PollNeverNaps) {
    IdlePolicy idle(IdleMode::Poll);
    for (base::MonotonicNs now = kStart; now < kStart + base::kNsPerMs; now += 10'000) {
        EXPECT_FALSE(idle.step(false, now));
    }
}

TEST(IdlePolicy, NapsAfterHalfAHundredMicrosecondsWithoutWork) {
    IdlePolicy idle(IdleMode::Adaptive);
    EXPECT_FALSE(idle.step(true, kStart));
    EXPECT_FALSE(idle.step(false, kStart + kIdleBeforeNapNs - 1));
    EXPECT_FALSE(idle.is_napping());
    EXPECT_TRUE(idle.step(false, kStart + kIdleBeforeNapNs));
    EXPECT_TRUE(idle.is_napping());
}

TEST(IdlePolicy, NapsAgainAfterEachLookWithoutWork) {
    IdlePolicy idle(IdleMode::Adaptive);
    (void)idle.step(true, kStart);
    ASSERT_TRUE(idle.step(false, kStart + kIdleBeforeNapNs));
    EXPECT_TRUE(idle.step(false, kStart + kIdleBeforeNapNs + 1));
    EXPECT_TRUE(idle.step(false, kStart + kIdleBeforeNapNs + kNapNs));
}

TEST(IdlePolicy, WorkEndsTheNaps) {
    IdlePolicy idle(IdleMode::Adaptive);
    (void)idle.step(true, kStart);
    ASSERT_TRUE(idle.step(false, kStart + kIdleBeforeNapNs));
    EXPECT_FALSE(idle.step(true, kStart + 2 * kIdleBeforeNapNs));
    EXPECT_FALSE(idle.is_napping());
    EXPECT_FALSE(idle.step(false, kStart + 2 * kIdleBeforeNapNs + 1));
}

TEST(IdlePolicy, TheFirstBurstIsNeverOld) {
    IdlePolicy idle(IdleMode::Adaptive);
    EXPECT_FALSE(idle.step(false, kStart));
    EXPECT_FALSE(idle.step(false, kStart + 1));
}

} // namespace
} // namespace tandem::dataplane
