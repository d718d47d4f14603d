// SPDX-License-Identifier: Apache-2.0
//
// The truth of the line scan, mark by mark.
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/line_scan.hpp"

namespace tandem::sipparse {

namespace {

std::vector<LineMark> scan(std::string_view text, std::size_t from = 0) {
    const ExactText exact(text);
    std::vector<LineMark> marks(kLineMarksMax);
    marks.resize(scan_lines_scalar(exact.text().data(), text.size(), from, marks.data()));
    return marks;
}

TEST(IndexScalarTest, MarksLinesUntilTheEmptyOne) {
    const auto marks = scan("a:b:c\r\nd\n\r\nbody:\r\n");
    ASSERT_EQ(marks.size(), 3U);
    EXPECT_EQ(marks[0].newline, 6);
    EXPECT_EQ(marks[0].colon, 1);
    EXPECT_FALSE(marks[0].bare_cr);
    EXPECT_EQ(marks[1].newline, 8);
    EXPECT_EQ(marks[1].colon, kNoColon);
    EXPECT_EQ(marks[2].newline, 10);
}

TEST(IndexScalarTest, CarriageReturnsOutOfPlaceAreMarked) {
    EXPECT_TRUE(scan("a\rb\r\n")[0].bare_cr);
    EXPECT_TRUE(scan("ab\r\r\n")[0].bare_cr);
    EXPECT_TRUE(scan("\rab\n")[0].bare_cr);
    EXPECT_FALSE(scan("ab\r\n")[0].bare_cr);
    EXPECT_FALSE(scan("ab\n")[0].bare_cr);
    EXPECT_TRUE(scan("\r\r\n")[0].bare_cr);
}

TEST(IndexScalarTest, ALineWithoutEndIsNoLine) {
    EXPECT_TRUE(scan("abc: def").empty());
    EXPECT_TRUE(scan("").empty());
    EXPECT_EQ(scan("a\r\nb").size(), 1U);
}

TEST(IndexScalarTest, GoesOnWhereItStopped) {
    std::string text;
    for (std::size_t i = 0; i < kLineMarksMax + 3; ++i) {
        text += "h: v\r\n";
    }
    const auto first = scan(text);
    ASSERT_EQ(first.size(), kLineMarksMax);
    const auto second = scan(text, std::size_t{first.back().newline} + 1);
    ASSERT_EQ(second.size(), 3U);
    EXPECT_EQ(second[0].colon, kLineMarksMax * 6 + 1);
}

} // namespace

} // namespace tandem::sipparse
