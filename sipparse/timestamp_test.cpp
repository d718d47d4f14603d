// SPDX-License-Identifier: Apache-2.0
//
// Timestamps and their delays.
#include "gtest/gtest.h"

#include "sipparse/timestamp.hpp"

namespace tandem::sipparse {

namespace {

TEST(TimestampTest, TimeAndDelay) {
    EXPECT_EQ(parse_timestamp("54")->time, "54");
    EXPECT_EQ(parse_timestamp("54")->delay, "");
    EXPECT_EQ(parse_timestamp(" 54.25 \r\n 0.2 ")->time, "54.25");
    EXPECT_EQ(parse_timestamp(" 54.25 \r\n 0.2 ")->delay, "0.2");
    EXPECT_EQ(parse_timestamp("5. .1")->delay, ".1");
    for (const std::string_view value : {"", ".5", "x", "5x", "5 x", "5 1 2", "5.5.5"}) {
        EXPECT_FALSE(parse_timestamp(value)) << value;
    }
}

} // namespace

} // namespace tandem::sipparse
