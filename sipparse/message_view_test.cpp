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

// An index from shared memory is copied and checked before it is read, but its chains are followed
// as if it were not: any number in it ends the walk, none prolongs it.
class HostileChainTest : public testing::Test {
  protected:
    [[nodiscard]] static std::size_t row(HeaderId id) { return static_cast<std::size_t>(id); }

    [[nodiscard]] Texts each_via() const { return texts(view_.each(HeaderId::Via)); }

    IndexedMessage message_{sample_invite("")};
    MessageView view_{message_.view()};
    std::uint8_t& first_via_{message_.index.first[row(HeaderId::Via)]};
    std::uint8_t& second_via_{message_.index.lines[first_via_].next};
};

TEST_F(HostileChainTest, FirstBehindTheLastLine) {
    ASSERT_EQ(each_via().size(), 2U);
    for (const std::size_t line : {view_.header_count(), std::size_t{255}}) {
        first_via_ = static_cast<std::uint8_t>(line);
        EXPECT_EQ(each_via(), Texts{});
        EXPECT_FALSE(view_.find(HeaderId::Via));
        EXPECT_FALSE(view_.find_first(HeaderId::Via));
        EXPECT_EQ(view_.count(HeaderId::Via), 0U);
        EXPECT_EQ(texts(view_.list(HeaderId::Via)), Texts{});
    }
}

TEST_F(HostileChainTest, NextBehindTheLastLine) {
    second_via_ = 255;
    EXPECT_EQ(each_via().size(), 1U);
    EXPECT_EQ(texts(view_.list(HeaderId::Via)).size(), 1U);
}

TEST_F(HostileChainTest, NextIsTheLineItselfOrOneBefore) {
    first_via_ = 1;
    std::uint8_t& next = message_.index.lines[1].next;
    for (const std::uint8_t line : {std::uint8_t{1}, std::uint8_t{0}}) {
        next = line;
        EXPECT_EQ(each_via().size(), 1U);
        EXPECT_EQ(view_.count(HeaderId::Via), 1U);
        EXPECT_EQ(texts(view_.list(HeaderId::Via)).size(), 1U);
    }
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
