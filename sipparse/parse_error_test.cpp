// SPDX-License-Identifier: Apache-2.0
//
// Sentences and statuses of refusals, and who is never answered.
#include <set>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/parse_error.hpp"

namespace tandem::sipparse {

namespace {

TEST(ParseErrorTest, EveryErrorHasASentenceOfItsOwn) {
    std::set<std::string_view> sentences;
    for (const ParseErrorRow& row : kParseErrorRows) {
        EXPECT_FALSE(sentence(row.error).empty());
        EXPECT_TRUE(sentences.insert(sentence(row.error)).second) << row.sentence;
        const auto status = status_for(row.error);
        EXPECT_TRUE(status == 0 || status == 400 || status == 416 || status == 420 || status == 505)
            << row.sentence;
    }
    EXPECT_EQ(sentence(ParseError::TooManyHeaderLines), "too many header lines");
    EXPECT_EQ(status_for(ParseError::VersionNotSupported), 505);
    EXPECT_EQ(status_for(ParseError::None), 0);
}

TEST(ParseErrorTest, ValuesOutOfTheTableAreHarmless) {
    EXPECT_EQ(status_for(static_cast<ParseError>(250)), 0);
    EXPECT_FALSE(sentence(static_cast<ParseError>(250)).empty());
}

TEST(ParseErrorTest, OnlyRequestsWithViaAreAnswered) {
    const auto answer = [](const std::string& text) {
        const IndexedMessage message(text);
        EXPECT_NE(message.error, ParseError::None) << text;
        return answer_status(message.error, message.index);
    };
    EXPECT_EQ(answer("INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n\r\n"), 400);
    EXPECT_EQ(answer("INVITE sip:a@b SIP/3.0\r\nVia: SIP/2.0/UDP h\r\n\r\n"), 505);
    EXPECT_EQ(answer("ACK sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n\r\n"), 0);
    EXPECT_EQ(answer("INVITE sip:a@b SIP/2.0\r\nTo: sip:a@b\r\n\r\n"), 0);
    EXPECT_EQ(answer("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\n\r\n"), 0);
    EXPECT_EQ(answer("\r\n\r\n"), 0);
}

} // namespace

} // namespace tandem::sipparse
