// SPDX-License-Identifier: Apache-2.0
//
// Which messages have the same keys, and which have not.
#include <string>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/message_keys.hpp"
#include "sipparse/name_addr.hpp"

namespace tandem::sipparse {

namespace {

// A hash whose value shows what was added: different texts, different values.
class Texts {
  public:
    template <typename... More>
    Texts& add(std::string_view first, const More&... more) {
        text_ += first;
        text_ += '\n'; // in none of the parts
        if constexpr (sizeof...(more) > 0) {
            add(more...);
        }
        return *this;
    }

    Texts& add(std::uint64_t number) { return add(std::string_view(std::to_string(number))); }

    [[nodiscard]] std::uint64_t finish() const { return std::hash<std::string>()(text_); }

  private:
    std::string text_;
};

MessageKeys keys_of(const std::string& text) {
    const IndexedMessage message(text);
    EXPECT_EQ(message.error, ParseError::None) << text;
    const auto parts = read_key_parts(message.view());
    EXPECT_TRUE(parts);
    return hash_keys(*parts, Texts());
}

std::string message(std::string_view method, std::string_view from_tag, std::string_view to_tag) {
    const std::string tag = to_tag.empty() ? "" : ";tag=" + std::string(to_tag);
    return std::string(method) +
           " sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h:5070;branch=z9hG4bK1;rport\r\n"
           "Via: SIP/2.0/UDP other;branch=z9hG4bK0\r\n"
           "From: \"A;tag=no\" <sip:a@h;tag=no>;x;tag=" +
           std::string(from_tag) +
           "\r\n"
           "To: sip:b@h" +
           tag + "\r\nCall-ID: c\r\nCSeq: 1 " + std::string(method) + "\r\n\r\n";
}

TEST(MessageKeysTest, Parts) {
    const IndexedMessage invite(message("INVITE", "f", "t"));
    const auto parts = read_key_parts(invite.view());
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->via.branch, "z9hG4bK1");
    EXPECT_EQ(parts->via.port, 5'070);
    EXPECT_EQ(parts->call_id, "c");
    EXPECT_EQ(parts->from_tag, "f");
    EXPECT_EQ(parts->to_tag, "t");
    EXPECT_EQ(parts->cseq_number, 1U);
    EXPECT_EQ(parts->method, "INVITE");
    EXPECT_EQ(read_key_parts(IndexedMessage(message("ACK", "f", "t")).view())->method, "INVITE");
}

TEST(MessageKeysTest, WithoutViaThereAreNone) {
    const IndexedMessage none("INVITE sip:b@h SIP/2.0\r\nFrom: sip:a@h\r\n\r\n");
    EXPECT_FALSE(read_key_parts(none.view()));
    const IndexedMessage broken("INVITE sip:b@h SIP/2.0\r\nVia: nonsense\r\n\r\n");
    EXPECT_FALSE(read_key_parts(broken.view()));
}

TEST(MessageKeysTest, TransactionsByBranchSentByAndMethod) {
    const MessageKeys invite = keys_of(message("INVITE", "f", "t"));
    EXPECT_EQ(keys_of(message("ACK", "x", "y")).transaction, invite.transaction);
    EXPECT_NE(keys_of(message("BYE", "f", "t")).transaction, invite.transaction);
    std::string other = message("INVITE", "f", "t");
    other.replace(other.find("h:5070"), 6, "h:5071");
    EXPECT_NE(keys_of(other).transaction, invite.transaction);
}

TEST(MessageKeysTest, DialogsInBothDirections) {
    const MessageKeys there = keys_of(message("BYE", "f", "t"));
    EXPECT_EQ(keys_of(message("BYE", "t", "f")).dialog, there.dialog);
    EXPECT_NE(keys_of(message("BYE", "f", "u")).dialog, there.dialog);
    EXPECT_NE(keys_of(message("BYE", "f", "")).dialog, there.dialog);
    EXPECT_EQ(keys_of(message("BYE", "f", "u")).call_id, there.call_id);
}

// The tag without the rest of the header is the tag of the whole header.
TEST(MessageKeysTest, FindTagAgreesWithTheParser) {
    for (const std::string_view value : {"<sip:a@b>;tag=1",
                                         "sip:a@b;tag=1",
                                         "\"x\\\"<;tag=no\" <sip:a@b;tag=no>;y;tag=1;tag=2",
                                         "A B <sip:a@b> ; tag = 1",
                                         "<sip:a@b>",
                                         "sip:a@b",
                                         "<sip:a@b>;Tag=1",
                                         "<sip:a@b>;tag=",
                                         "<sip:a@b>;tags=1",
                                         "<sip:a@b>;x=\";tag=2\";tag=3",
                                         "sip:a@b;x",
                                         "sip:a@b;tag=1;x=\"<>\";tag=2",
                                         "<sip:a@b;tag=no"}) {
        const auto parsed = parse_name_addr(value);
        const std::string_view wanted =
            parsed ? parsed->tag().value_or(std::string_view{}) : std::string_view{};
        EXPECT_EQ(find_tag(value), wanted) << value;
    }
    for_each_cut("\"x\\\"<\" <sip:a@b;tag=no>;y=\"z\";tag=1",
                 [](std::string_view cut) { static_cast<void>(find_tag(cut)); });
}

} // namespace

} // namespace tandem::sipparse
