// SPDX-License-Identifier: Apache-2.0
//
// Headers found through a view: first, each line, each element of a list, by name.
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/message_view.hpp"

namespace tandem::sipparse {

namespace {

using Texts = std::vector<std::string>;

template <typename Range>
Texts texts(const Range& range) {
    Texts result;
    for (const std::string_view text : range) {
        result.emplace_back(text);
    }
    return result;
}

class MessageViewTest : public testing::Test {
  protected:
    IndexedMessage message_{sample_invite("Supported: 100rel, timer\r\n"
                                          "X-Token: one\r\n"
                                          "Supported: ,\r\n"
                                          "k: replaces\r\n"
                                          "x-other: 1\r\n"
                                          "x-token: two\r\n"
                                          "Authorization: Digest a=\"1\", b=2\r\n")};
    MessageView view_{message_.view()};
};

TEST_F(MessageViewTest, FindGivesTheFirstLine) {
    ASSERT_EQ(message_.error, ParseError::None);
    EXPECT_EQ(view_.find(HeaderId::Supported), "100rel, timer");
    EXPECT_EQ(view_.find(HeaderId::CallId), "c1@10.77.0.100");
    EXPECT_FALSE(view_.find(HeaderId::Route));
    EXPECT_FALSE(view_.find(HeaderId::Other));
    EXPECT_TRUE(view_.has(HeaderId::Supported));
    EXPECT_FALSE(view_.has(HeaderId::Route));
}

TEST_F(MessageViewTest, FindByName) {
    EXPECT_EQ(view_.find("X-TOKEN"), "one");
    EXPECT_EQ(view_.find("x-OTHER"), "1");
    EXPECT_EQ(view_.find("call-id"), "c1@10.77.0.100");
    EXPECT_FALSE(view_.find("X-Missing"));
}

TEST_F(MessageViewTest, FindFirstGivesAnElement) {
    EXPECT_EQ(view_.find_first(HeaderId::Supported), "100rel");
    EXPECT_EQ(view_.find_first(HeaderId::Via),
              "SIP/2.0/UDP 10.77.0.100:5062;branch=z9hG4bKa1;rport");
    EXPECT_FALSE(view_.find_first(HeaderId::Route));
}

TEST_F(MessageViewTest, EachGivesLines) {
    EXPECT_EQ(texts(view_.each(HeaderId::Supported)), (Texts{"100rel, timer", ",", "replaces"}));
    EXPECT_EQ(texts(view_.each(HeaderId::Route)), Texts{});
    EXPECT_EQ(view_.count(HeaderId::Supported), 3U);
    EXPECT_EQ(view_.count(HeaderId::Via), 2U);
    EXPECT_EQ(view_.count(HeaderId::Route), 0U);
}

TEST_F(MessageViewTest, ListGivesElementsOverAllLines) {
    EXPECT_EQ(texts(view_.list(HeaderId::Supported)), (Texts{"100rel", "timer", "replaces"}));
    EXPECT_EQ(texts(view_.list(HeaderId::Route)), Texts{});
    EXPECT_EQ(texts(view_.list(HeaderId::Authorization)), Texts{"Digest a=\"1\", b=2"});
}

TEST(MessageViewPartsTest, ResponseParts) {
    const IndexedMessage message("SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/UDP h\r\nFrom: sip:a@b\r\n"
                                 "To: sip:c@d\r\nCall-ID: 1\r\nCSeq: 3 BYE\r\n\r\n");
    ASSERT_EQ(message.error, ParseError::None);
    const MessageView view = message.view();
    EXPECT_TRUE(view.is_response());
    EXPECT_FALSE(view.is_request());
    EXPECT_EQ(view.status_code(), 486);
    EXPECT_EQ(view.reason(), "Busy Here");
    EXPECT_EQ(view.method(), Method::Bye);
    EXPECT_EQ(view.body(), "");
}

} // namespace

} // namespace tandem::sipparse
