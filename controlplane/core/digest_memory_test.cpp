// SPDX-License-Identifier: Apache-2.0
//
// What digest authentication remembers, and what it forgets when a set is full.
#include "gtest/gtest.h"

#include "controlplane/core/digest_memory.hpp"
#include "controlplane/core/test_message.hpp"

namespace tandem::controlplane {
namespace {

TEST(NonceCountsTest, EachCountIsTakenOnce) {
    NonceCounts counts;
    EXPECT_TRUE(counts.take(7, 100, 1));
    EXPECT_FALSE(counts.take(7, 100, 1));
    EXPECT_TRUE(counts.take(7, 100, 3));
    EXPECT_FALSE(counts.take(7, 100, 2));
    EXPECT_TRUE(counts.take(8, 100, 1));
}

TEST(NonceCountsTest, AForgottenNonceIsNeverTakenAgain) {
    NonceCounts counts;
    constexpr std::uint64_t kSets = 4'096;
    for (std::uint64_t i = 0; i < 9; ++i) { // one more than a set holds
        EXPECT_TRUE(counts.take(i * kSets, 100 + i, 1));
    }
    EXPECT_FALSE(counts.take(0, 100, 2)); // forgotten: the oldest
    EXPECT_TRUE(counts.take(1 * kSets, 101, 2));
    EXPECT_FALSE(counts.take(99 * kSets, 100, 1)); // as old as one that was forgotten
    EXPECT_FALSE(counts.take(98 * kSets, 50, 1));  // older than all that are kept
    EXPECT_TRUE(counts.take(97 * kSets, 200, 1));
}

TEST(DigestFailuresTest, LimitsASourceUntilItsWindowIsOver) {
    DigestFailures failures(3, 60 * base::kNsPerS);
    const auto source = endpoint_of("10.77.0.100").address;
    const auto other = endpoint_of("10.77.0.101").address;
    constexpr base::MonotonicNs kStart = 1'000 * base::kNsPerS;
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(failures.limited(source, kStart));
        failures.add(source, kStart);
    }
    EXPECT_TRUE(failures.limited(source, kStart));
    EXPECT_FALSE(failures.limited(other, kStart));
    EXPECT_TRUE(failures.limited(source, kStart + 60 * base::kNsPerS - 1));
    EXPECT_FALSE(failures.limited(source, kStart + 60 * base::kNsPerS));
    EXPECT_EQ(failures.count(), 3U);
    EXPECT_EQ(failures.limited_count(), 2U);
}

TEST(DigestFailuresTest, ZeroIsNoLimit) {
    DigestFailures failures(0, base::kNsPerS);
    const auto source = endpoint_of("10.77.0.100").address;
    for (int i = 0; i < 1'000; ++i) {
        failures.add(source, 5);
    }
    EXPECT_FALSE(failures.limited(source, 5));
}

TEST(DigestFailuresTest, ManySourcesPushOutTheOldestOnly) {
    DigestFailures failures(1, 60 * base::kNsPerS);
    for (std::uint32_t i = 0; i < 1U << 20U; ++i) {
        failures.add({.value = i}, 1'000 + i);
    }
    EXPECT_TRUE(failures.limited({.value = (1U << 20U) - 1}, 2'000'000));
    EXPECT_FALSE(failures.limited({.value = 0}, 2'000'000));
}

} // namespace
} // namespace tandem::controlplane
