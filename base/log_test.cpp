// SPDX-License-Identifier: Apache-2.0
//
// The log front: levels by name, a file as sink, levels changed while running, rate limiting.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"

#include "base/log.hpp"

namespace tandem::base::log {
namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Log, LevelsHaveNames) {
    for (const Level level :
         {Level::Trace, Level::Debug, Level::Info, Level::Warning, Level::Error, Level::Off}) {
        EXPECT_EQ(level_from_name(level_name(level)), level);
    }
    EXPECT_EQ(level_from_name("loud"), std::nullopt);
    EXPECT_EQ(level_from_name(""), std::nullopt);
}

TEST(Log, WritesWhatTheLevelAllowsToTheFile) {
    const std::string path = testing::TempDir() + "tandem_log_test.log";
    std::remove(path.c_str());
    ASSERT_TRUE(start("test-process", Level::Warning, path));
    EXPECT_EQ(level(), Level::Warning);
    info("not {}", "written");
    warning("written {}", 1);
    set_level(Level::Debug);
    EXPECT_TRUE(is_enabled(Level::Debug));
    debug("written {}", 2);
    set_level(Level::Off);
    error("not written");
    const std::string text = content_of(path);
    EXPECT_EQ(text.find("not"), std::string::npos);
    EXPECT_NE(text.find("test-process warning: written 1\n"), std::string::npos);
    EXPECT_NE(text.find("test-process debug: written 2\n"), std::string::npos);
    ASSERT_TRUE(start("test-process", Level::Info));
    std::remove(path.c_str());
}

TEST(Log, SaysWhenTheFileCannotBeOpened) {
    testing::internal::CaptureStderr();
    EXPECT_FALSE(start("test-process", Level::Info, "/proc/no/such/file"));
    EXPECT_NE(testing::internal::GetCapturedStderr().find("cannot log to /proc/no/such/file"),
              std::string::npos);
}

TEST(RateLimited, AllowsOncePerIntervalAndCountsTheRest) {
    RateLimited limit;
    EXPECT_TRUE(limit.allow(5));
    EXPECT_EQ(limit.suppressed(), 0U);
    EXPECT_FALSE(limit.allow(6));
    EXPECT_FALSE(limit.allow(4 + kNsPerS));
    EXPECT_TRUE(limit.allow(5 + kNsPerS));
    EXPECT_EQ(limit.suppressed(), 2U);
    EXPECT_TRUE(limit.allow(9 * kNsPerS));
    EXPECT_EQ(limit.suppressed(), 0U);
}

} // namespace
} // namespace tandem::base::log
