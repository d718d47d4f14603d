// SPDX-License-Identifier: Apache-2.0
//
// CSeq: number, limits and method.
#include "gtest/gtest.h"

#include "sipparse/cseq.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

TEST(CSeqTest, NumberAndMethod) {
    CSeq cseq;
    ASSERT_EQ(parse_cseq("0009\r\n  INVITE", cseq), ParseError::None);
    EXPECT_EQ(cseq.number, 9U);
    EXPECT_EQ(cseq.method, Method::Invite);
    ASSERT_EQ(parse_cseq("2147483647 NEWMETHOD", cseq), ParseError::None);
    EXPECT_EQ(cseq.number, kCSeqNumberMax);
    EXPECT_EQ(cseq.method, Method::Other);
    EXPECT_EQ(cseq.method_text, "NEWMETHOD");
}

TEST(CSeqTest, TooLargeKeepsTheMethod) {
    for (const char* text : {"2147483648 BYE", "9292394834772304023312 BYE"}) {
        CSeq cseq;
        EXPECT_EQ(parse_cseq(text, cseq), ParseError::CSeqNumberTooLarge);
        EXPECT_EQ(cseq.method, Method::Bye);
        EXPECT_EQ(cseq.number, 0U);
    }
}

TEST(CSeqTest, GarbageIsRefused) {
    for (const char* text : {"",
                             "7",
                             "7 ",
                             "INVITE",
                             "7INVITE",
                             "-7 INVITE",
                             "7 IN VITE",
                             "7 INVITE;x",
                             "0x7 INVITE",
                             "7,INVITE"}) {
        CSeq cseq;
        EXPECT_EQ(parse_cseq(text, cseq), ParseError::CSeqMalformed) << text;
    }
}

TEST(CSeqTest, EveryCutIsBorne) {
    for_each_cut("314159 \r\n INVITE", [](std::string_view cut) {
        CSeq cseq;
        EXPECT_EQ(parse_cseq(cut, cseq) == ParseError::None, cut.size() > 10) << cut;
    });
}

} // namespace

} // namespace tandem::sipparse
