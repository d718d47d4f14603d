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
        EXPECT_EQ(0U, idle.step(false, now));
    }
}

TEST(IdlePolicy, NapsAfterHalfAHundredMicrosecondsWithoutWork) {
    IdlePolicy idle(IdleMode::Adaptive);
    EXPECT_EQ(0U, idle.step(true, kStart));
    EXPECT_EQ(0U, idle.step(false, kStart + kIdleBeforeNapNs - 1));
    EXPECT_FALSE(idle.is_napping());
    EXPECT_EQ(kNapNs, idle.step(false, kStart + kIdleBeforeNapNs));
    EXPECT_TRUE(idle.is_napping());
}

TEST(IdlePolicy, NapsAgainAfterEachLookWithoutWork) {
    IdlePolicy idle(IdleMode::Adaptive);
    (void)idle.step(true, kStart);
    ASSERT_EQ(kNapNs, idle.step(false, kStart + kIdleBeforeNapNs));
    EXPECT_EQ(kNapNs, idle.step(false, kStart + kIdleBeforeNapNs + 1));
    EXPECT_EQ(kNapNs, idle.step(false, kStart + kIdleBeforeNapNs + kNapNs));
}

TEST(IdlePolicy, RestsLongerWhenNothingComesForLong) {
    IdlePolicy idle(IdleMode::Adaptive);
    (void)idle.step(true, kStart);
    EXPECT_EQ(kNapNs, idle.step(false, kStart + kIdleBeforeLongNapNs - 1));
    EXPECT_EQ(kLongNapNs, idle.step(false, kStart + kIdleBeforeLongNapNs));
    EXPECT_EQ(0U, idle.step(true, kStart + 2 * kIdleBeforeLongNapNs));
    EXPECT_EQ(0U, idle.step(false, kStart + 2 * kIdleBeforeLongNapNs + 1));
}

TEST(IdlePolicy, WorkEndsTheNaps) {
    IdlePolicy idle(IdleMode::Adaptive);
    (void)idle.step(true, kStart);
    ASSERT_EQ(kNapNs, idle.step(false, kStart + kIdleBeforeNapNs));
    EXPECT_EQ(0U, idle.step(true, kStart + 2 * kIdleBeforeNapNs));
    EXPECT_FALSE(idle.is_napping());
    EXPECT_EQ(0U, idle.step(false, kStart + 2 * kIdleBeforeNapNs + 1));
}

TEST(IdlePolicy, TheFirstBurstIsNeverOld) {
    IdlePolicy idle(IdleMode::Adaptive);
    EXPECT_EQ(0U, idle.step(false, kStart));
    EXPECT_EQ(0U, idle.step(false, kStart + 1));
}

} // namespace
} // namespace tandem::dataplane
