// SPDX-License-Identifier: Apache-2.0
//
// RAck: two numbers and a method.
#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/rack.hpp"

namespace tandem::sipparse {

namespace {

TEST(RAckTest, ThreeParts) {
    const auto rack = parse_rack("776656 \r\n 1 INVITE");
    ASSERT_TRUE(rack);
    EXPECT_EQ(rack->rseq, 776656U);
    EXPECT_EQ(rack->cseq_number, 1U);
    EXPECT_EQ(rack->method, Method::Invite);
    EXPECT_EQ(rack->method_text, "INVITE");
}

TEST(RAckTest, GarbageIsRefused) {
    for (const char* text : {"",
                             "1",
                             "1 2",
                             "1 INVITE",
                             "0 1 INVITE",
                             "1 2147483648 INVITE",
                             "2147483648 1 INVITE",
                             "1 2 INVITE x",
                             "a b c",
                             "1  INVITE"}) {
        EXPECT_FALSE(parse_rack(text)) << text;
    }
}

TEST(RAckTest, EveryCutIsBorne) {
    for_each_cut("10 20 PRACK", [](std::string_view cut) {
        EXPECT_EQ(parse_rack(cut).has_value(), cut.size() > 6) << cut;
    });
}

} // namespace

} // namespace tandem::sipparse
