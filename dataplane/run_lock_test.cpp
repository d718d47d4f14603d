// SPDX-License-Identifier: Apache-2.0
//
// One dataplane per run directory, and epochs that only grow.
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>

#include "dataplane/run_lock.hpp"

namespace tandem::dataplane {
namespace {

class RunDirectory : public testing::Test {
  protected:
    RunDirectory() {
        std::string pattern = testing::TempDir() + "tandem-run-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }

    ~RunDirectory() override { std::filesystem::remove_all(path_); }

    std::string path_;
};

TEST_F(RunDirectory, TheSecondDataplaneIsTurnedAway) {
    const auto first = RunLock::take(path_);
    ASSERT_TRUE(first.has_value());
    const auto second = RunLock::take(path_);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error(), "another dataplane runs on the run directory " + path_);
}

TEST_F(RunDirectory, TheLockEndsWithItsOwner) {
    {
        const auto first = RunLock::take(path_);
        ASSERT_TRUE(first.has_value());
    }
    EXPECT_TRUE(RunLock::take(path_).has_value());
}

TEST_F(RunDirectory, AMissingDirectoryIsMade) {
    EXPECT_TRUE(RunLock::take(path_ + "/deep/er").has_value());
    EXPECT_FALSE(RunLock::take("/proc/nowhere").has_value());
}

TEST_F(RunDirectory, EpochsGrowEvenWithinASecondAndWhenTheClockGoesBack) {
    const auto first = next_epoch(path_, 1'000 * base::kNsPerS);
    const auto second = next_epoch(path_, 1'000 * base::kNsPerS);
    const auto third = next_epoch(path_, 500 * base::kNsPerS);
    const auto fourth = next_epoch(path_, 2'000 * base::kNsPerS);
    ASSERT_TRUE(first.has_value() && second.has_value() && third.has_value());
    EXPECT_EQ(first.value(), 1'000U);
    EXPECT_EQ(second.value(), 1'001U);
    EXPECT_EQ(third.value(), 1'002U);
    EXPECT_EQ(fourth.value(), 2'000U);
}

TEST_F(RunDirectory, AnEpochThatCannotBeKeptIsRefused) {
    EXPECT_FALSE(next_epoch(path_ + "/missing", base::kNsPerS).has_value());
}

} // namespace
} // namespace tandem::dataplane
