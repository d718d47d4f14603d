// SPDX-License-Identifier: Apache-2.0
//
// First bytes of datagrams and what they are taken for.
#include <gtest/gtest.h>
#include <string>

#include "dataplane/screen/classify.hpp"

namespace tandem::dataplane::screen {
namespace {

using namespace std::string_view_literals;

TEST(Classify, WhatMayBeginAMessageIsSip) {
    for (const auto text : {"INVITE sip:a@b SIP/2.0\r\n"sv,
                            "SIP/2.0 200 OK\r\n"sv,
                            "\r\n\r\nOPTIONS sip:a SIP/2.0\r\n"sv,
                            "!token"sv,
                            "x"sv}) {
        EXPECT_EQ(classify(text), Kind::Sip) << text;
    }
}

TEST(Classify, OnlyTheDoubleLineEndWantsAnAnswer) {
    EXPECT_EQ(classify("\r\n\r\n"), Kind::Ping);
    for (const auto text : {""sv, "\r\n"sv, "\n\n"sv, "\r\n\r\n\r\n"sv, "\0"sv, "\0\0\0\0"sv}) {
        EXPECT_EQ(classify(text), Kind::SilentKeepAlive) << text.size();
    }
}

TEST(Classify, StunIsToldFromForeignBytesByItsCookie) {
    std::string stun("\x00\x01\x00\x00\x21\x12\xa4\x42", 8);
    stun.resize(20, 'i');
    EXPECT_EQ(classify(stun), Kind::Stun);
    EXPECT_EQ(classify(stun.substr(0, 19)), Kind::Foreign);
    stun[4] = 0;
    EXPECT_EQ(classify(stun), Kind::Foreign);
}

TEST(Classify, EveryFirstByteHasAKind) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string text = {static_cast<char>(byte), 'a'};
        const bool token = byte < 128 && (std::isalnum(byte) != 0 ||
                                          std::string_view("-.!%*_+`'~\r\n").find(text[0]) !=
                                              std::string_view::npos);
        EXPECT_EQ(classify(text), token ? Kind::Sip : Kind::Foreign) << byte;
    }
}

} // namespace
} // namespace tandem::dataplane::screen
