// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/dn_range.cpp: expansion of ranges and passwords.
#include <gtest/gtest.h>

#include "config/configuration.hpp"

namespace tandem::config {
namespace {

NumberRange numbers(std::uint64_t first, std::uint64_t last, std::uint32_t digits) {
    return {.first = first, .last = last, .digits = digits, .name = {}};
}

std::vector<std::string> expanded(const DnRange& range) {
    std::vector<std::string> all;
    std::string number;
    for (DnCursor cursor(range); cursor.next(number);) {
        all.push_back(number);
    }
    return all;
}

TEST(DnCursor, keeps_file_order_zeros_and_names) {
    DnRange range;
    range.numbers = {
        numbers(1098, 1100, 4), numbers(7, 8, 3), {0, 0, 0, "alice"}, numbers(5, 5, 1)};
    const std::vector<std::string> expected = {"1098", "1099", "1100", "007", "008", "alice", "5"};
    EXPECT_EQ(expanded(range), expected);
    EXPECT_EQ(dn_count(range), expected.size());
}

TEST(DnCursor, stays_at_the_end) {
    DnRange range;
    range.numbers = {numbers(1, 1, 1)};
    DnCursor cursor(range);
    std::string number;
    EXPECT_TRUE(cursor.next(number));
    EXPECT_FALSE(cursor.next(number));
    EXPECT_FALSE(cursor.next(number));
}

TEST(DnCursor, an_empty_range_has_no_dn) {
    EXPECT_TRUE(expanded(DnRange{}).empty());
    EXPECT_EQ(dn_count(Configuration{}), 0U);
}

TEST(DnCursor, the_widest_numbers) {
    DnRange range;
    range.numbers = {numbers(999'999'999'999'998, 999'999'999'999'999, 15)};
    const std::vector<std::string> expected = {"999999999999998", "999999999999999"};
    EXPECT_EQ(expanded(range), expected);
}

TEST(Password, puts_the_number_in_each_place) {
    DnRange range;
    range.password = "pw-<number>-<number>";
    EXPECT_EQ(password_of(range, "1900"), "pw-1900-1900");
    EXPECT_EQ(password_of(range, "<number>"), "pw-<number>-<number>");
    range.password = "plain<numbe";
    EXPECT_EQ(password_of(range, "1900"), "plain<numbe");
    range.password = "";
    EXPECT_EQ(password_of(range, "1900"), "");
}

} // namespace
} // namespace tandem::config
