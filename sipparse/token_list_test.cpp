// SPDX-License-Identifier: Apache-2.0
//
// Lists of tokens against what they mean: each element of ListValues is a token. At every length
// around the sixteen characters that are looked at together.
#include <random>
#include <string>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/list_values.hpp"
#include "sipparse/token_list.hpp"

namespace tandem::sipparse {

namespace {

bool by_elements(std::string_view value) {
    for (const std::string_view element : ListValues(value)) {
        if (!is_token(element)) {
            return false;
        }
    }
    return true;
}

TEST(TokenListTest, UsualForms) {
    for (const char* text : {"",
                             "INVITE",
                             "100rel, timer",
                             "INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, INFO",
                             "INVITE,ACK,CANCEL,OPTIONS,BYE,REFER,NOTIFY,INFO",
                             " INVITE ,\tACK,\r\n CANCEL,,  OPTIONS , BYE ,REFER, ",
                             ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,"}) {
        EXPECT_TRUE(is_token_list(text)) << text;
    }
}

TEST(TokenListTest, WhatIsNoListOfTokens) {
    for (const char* text : {"INVITE ACK",
                             "INVITE, ACK, CANCEL, OPTIONS BYE, REFER, NOTIFY, INFO",
                             "INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, IN FO",
                             "INVITE, ACK, CANCEL, \"OPTIONS, BYE\", REFER, NOTIFY, INFO",
                             "INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY;q=1",
                             "a\xc3\xa4, 100rel, timer, replaces, path"}) {
        EXPECT_FALSE(is_token_list(text)) << text;
    }
}

TEST(TokenListTest, SameAsElementByElement) {
    static constexpr std::string_view kPieces[] = {
        "a", "timer", ",", ", ", " ", ",", "100rel", "\t", ", ", "\"", "INVITE,", "<", "\r\n "};
    std::mt19937 random(11);
    int taken = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string text;
        const std::size_t odd = random() % 4 == 0 ? std::size(kPieces) : 7;
        for (std::size_t pieces = random() % 20; pieces > 0; --pieces) {
            text += kPieces[random() % odd];
        }
        const ExactText exact(text);
        ASSERT_EQ(is_token_list(exact.text()), by_elements(exact.text())) << text;
        taken += is_token_list(exact.text()) ? 1 : 0;
    }
    EXPECT_GT(taken, 10'000);
    EXPECT_LT(taken, 190'000);
}

} // namespace

} // namespace tandem::sipparse
