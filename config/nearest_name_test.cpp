// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/nearest_name.cpp: which misspelling still names an option.
#include <array>
#include <gtest/gtest.h>
#include <string>

#include "config/nearest_name.hpp"

namespace tandem::config {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"ring-timeout", "realm", "mtu", "min-expires"};

TEST(NearestName, one_edit_of_each_kind) {
    EXPECT_EQ(nearest_name("ring-timout", kNames), "ring-timeout");
    EXPECT_EQ(nearest_name("ring-timeouts", kNames), "ring-timeout");
    EXPECT_EQ(nearest_name("ring_timeout", kNames), "ring-timeout");
    EXPECT_EQ(nearest_name("relam", kNames), "realm");
}

TEST(NearestName, the_nearest_of_several) {
    constexpr std::array<std::string_view, 2> kAlike = {"min-expires", "max-expires"};
    EXPECT_EQ(nearest_name("max-expire", kAlike), "max-expires");
    EXPECT_EQ(nearest_name("min-expire", kAlike), "min-expires");
}

TEST(NearestName, nothing_is_near) {
    EXPECT_EQ(nearest_name("password", kNames), "");
    EXPECT_EQ(nearest_name("xyz", kNames), "");
    EXPECT_EQ(nearest_name("", kNames), "");
    EXPECT_EQ(nearest_name(std::string(100'000, 'r'), kNames), "");
    EXPECT_EQ(nearest_name("mtu", {}), "");
}

} // namespace
} // namespace tandem::config
