// SPDX-License-Identifier: Apache-2.0
//
// Binding requests, cut at every byte and with attributes of both kinds.
#include <gtest/gtest.h>
#include <string>

#include "dataplane/screen/stun.hpp"

namespace tandem::dataplane::screen {
namespace {

constexpr base::Endpoint kSource = {.address = {0xc0000201}, .port = 32853};

std::string binding_request(const std::string& attributes) {
    std::string text("\x00\x01\x00\x00\x21\x12\xa4\x42", 8);
    text += "\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae";
    text[3] = static_cast<char>(attributes.size());
    return text + attributes;
}

// The port and address of RFC 5769 2.2: 192.0.2.1:32853 becomes a147 e112a643.
TEST(Stun, TellsTheSourceItsAddress) {
    StunAnswer answer{};
    ASSERT_TRUE(answer_stun(binding_request(""), kSource, answer));
    const std::string expected("\x01\x01\x00\x0c\x21\x12\xa4\x42"
                               "\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
                               "\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43",
                               kStunAnswerBytes);
    EXPECT_EQ(std::string(answer.begin(), answer.end()), expected);
}

TEST(Stun, EveryCutIsRefused) {
    const std::string whole = binding_request(std::string("\x80\x22\x00\x03tst\x00", 8));
    StunAnswer answer{};
    EXPECT_TRUE(answer_stun(whole, kSource, answer));
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
        EXPECT_FALSE(answer_stun(whole.substr(0, bytes), kSource, answer)) << bytes;
    }
}

TEST(Stun, AttributesThatMustBeUnderstoodAreRefused) {
    StunAnswer answer{};
    for (const unsigned type : {0x0006U, 0x0008U, 0x0014U, 0x7fffU}) {
        const std::string attribute = {
            static_cast<char>(type >> 8U), static_cast<char>(type), '\0', '\0'};
        EXPECT_FALSE(answer_stun(binding_request(attribute), kSource, answer)) << type;
    }
}

TEST(Stun, AnAttributeLongerThanTheMessageIsRefused) {
    StunAnswer answer{};
    EXPECT_FALSE(
        answer_stun(binding_request(std::string("\x80\x22\xff\xfctest", 8)), kSource, answer));
}

TEST(Stun, OtherMethodsAndClassesAreNotAnswered) {
    StunAnswer answer{};
    for (const char* const type : {"\x00\x02", "\x00\x11", "\x01\x01", "\x01\x11"}) {
        std::string other = binding_request("");
        other.replace(0, 2, type, 2);
        EXPECT_FALSE(answer_stun(other, kSource, answer));
    }
}

} // namespace
} // namespace tandem::dataplane::screen
