// SPDX-License-Identifier: Apache-2.0
//
// Qualities in thousandths and what they belong to.
#include "gtest/gtest.h"

#include "sipparse/preference.hpp"

namespace tandem::sipparse {

namespace {

TEST(PreferenceTest, Qualities) {
    EXPECT_EQ(parse_quality("1"), 1'000);
    EXPECT_EQ(parse_quality("1."), 1'000);
    EXPECT_EQ(parse_quality("1.000"), 1'000);
    EXPECT_EQ(parse_quality("0"), 0);
    EXPECT_EQ(parse_quality("0.5"), 500);
    EXPECT_EQ(parse_quality("0.05"), 50);
    EXPECT_EQ(parse_quality("0.123"), 123);
    for (const std::string_view text :
         {"", "2", "1.1", "1.001", "0.1234", ".5", "0,5", "0.x", "-1"}) {
        EXPECT_FALSE(parse_quality(text)) << text;
    }
}

TEST(PreferenceTest, Elements) {
    const auto gzip = parse_preference("gzip;q=0.7;x=y");
    ASSERT_TRUE(gzip);
    EXPECT_EQ(gzip->value, "gzip");
    EXPECT_EQ(gzip->quality, 700);
    EXPECT_EQ(gzip->params.value("x"), "y");
    EXPECT_EQ(parse_preference("*")->value, "*");
    EXPECT_EQ(parse_preference("en-gb")->quality, kQualityMax);
    for (const std::string_view element : {"", "gzip;q=2", "gzip;q", "a b"}) {
        EXPECT_FALSE(parse_preference(element)) << element;
    }
}

} // namespace

} // namespace tandem::sipparse
