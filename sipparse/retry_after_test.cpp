// SPDX-License-Identifier: Apache-2.0
//
// Retry-After with comment and parameters.
#include "gtest/gtest.h"

#include "sipparse/retry_after.hpp"

namespace tandem::sipparse {

namespace {

TEST(RetryAfterTest, Parts) {
    const auto plain = parse_retry_after("120");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->delay_s, 120U);
    EXPECT_EQ(plain->comment, "");
    EXPECT_FALSE(plain->duration_s);
    const auto full = parse_retry_after("18000 (I'm (still) busy) ;duration=3600;x");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->delay_s, 18'000U);
    EXPECT_EQ(full->comment, "(I'm (still) busy)");
    EXPECT_EQ(full->duration_s, 3'600U);
    EXPECT_TRUE(full->params.has("x"));
    EXPECT_EQ(parse_retry_after("99999999999")->delay_s, 0xffff'ffffU);
    for (const std::string_view value :
         {"", "x", "1 (a", "1 (a) b", "1;duration=x", "1;", "1 2", "(a)"}) {
        EXPECT_FALSE(parse_retry_after(value)) << value;
    }
}

} // namespace

} // namespace tandem::sipparse
