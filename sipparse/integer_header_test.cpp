// SPDX-License-Identifier: Apache-2.0
//
// Number headers at their limits.
#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/integer_header.hpp"

namespace tandem::sipparse {

namespace {

TEST(IntegerHeaderTest, MaxForwards) {
    EXPECT_EQ(parse_max_forwards("0"), 0);
    EXPECT_EQ(parse_max_forwards("255"), 255);
    EXPECT_FALSE(parse_max_forwards("256"));
    EXPECT_FALSE(parse_max_forwards(""));
    EXPECT_FALSE(parse_max_forwards("7 0"));
}

TEST(IntegerHeaderTest, ContentLength) {
    EXPECT_EQ(parse_content_length("0"), 0U);
    EXPECT_EQ(parse_content_length("4294967295"), 4294967295U);
    EXPECT_FALSE(parse_content_length("4294967296"));
    EXPECT_FALSE(parse_content_length("-1"));
}

TEST(IntegerHeaderTest, DeltaSecondsAreClamped) {
    EXPECT_EQ(parse_delta_seconds("3600"), 3600U);
    EXPECT_EQ(parse_delta_seconds("10000000000000000000000000"), kDeltaSecondsMax);
    EXPECT_FALSE(parse_delta_seconds(""));
    EXPECT_FALSE(parse_delta_seconds("3600;x"));
    EXPECT_FALSE(parse_delta_seconds("Thu, 01 Dec"));
}

TEST(IntegerHeaderTest, LeadingDeltaSeconds) {
    EXPECT_EQ(parse_leading_delta_seconds("90"), 90U);
    EXPECT_EQ(parse_leading_delta_seconds("90;x=y"), 90U);
    EXPECT_EQ(parse_leading_delta_seconds("18000 (in a meeting);duration=3600"), 18000U);
    EXPECT_FALSE(parse_leading_delta_seconds(";90"));
    EXPECT_FALSE(parse_leading_delta_seconds("9 0"));
}

TEST(IntegerHeaderTest, RSeq) {
    EXPECT_EQ(parse_rseq("1"), 1U);
    EXPECT_EQ(parse_rseq("2147483647"), 2147483647U);
    EXPECT_FALSE(parse_rseq("0"));
    EXPECT_FALSE(parse_rseq("2147483648"));
}

TEST(IntegerHeaderTest, EveryCutIsBorne) {
    for_each_cut("18000 (c);d=3600", [](std::string_view cut) {
        EXPECT_EQ(parse_leading_delta_seconds(cut).has_value(), !cut.empty()) << cut;
    });
}

} // namespace

} // namespace tandem::sipparse
