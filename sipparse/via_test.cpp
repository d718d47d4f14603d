// SPDX-License-Identifier: Apache-2.0
//
// Via elements: every parameter, the spaces RFC 4475 puts in, and refusals.
#include <random>
#include <string>
#include <tuple>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/via.hpp"

namespace tandem::sipparse {

namespace {

TEST(ViaTest, EveryPart) {
    const auto via = parse_via("SIP/2.0/UDP 10.77.0.1:5062;branch=z9hG4bKx;rport=5070;"
                               "received=10.77.0.2;maddr=224.2.0.1;ttl=16;hidden;x=y");
    ASSERT_TRUE(via);
    EXPECT_EQ(via->transport, "UDP");
    EXPECT_EQ(via->host, "10.77.0.1");
    EXPECT_EQ(via->port, 5062);
    EXPECT_EQ(via->branch, "z9hG4bKx");
    EXPECT_TRUE(via->has_rport);
    EXPECT_EQ(via->rport, 5070);
    EXPECT_EQ(via->received, "10.77.0.2");
    EXPECT_EQ(via->maddr, "224.2.0.1");
    EXPECT_EQ(via->ttl, 16);
    EXPECT_TRUE(via->has_rfc3261_branch());
    EXPECT_TRUE(via->params.has("hidden"));
}

TEST(ViaTest, AbsentParts) {
    const auto via = parse_via("SIP/2.0/TCP pc.example.com");
    ASSERT_TRUE(via);
    EXPECT_EQ(via->host, "pc.example.com");
    EXPECT_EQ(via->port, 0);
    EXPECT_FALSE(via->has_rport);
    EXPECT_FALSE(via->ttl);
    EXPECT_TRUE(via->branch.empty());
    EXPECT_FALSE(via->has_rfc3261_branch());
}

TEST(ViaTest, RportWithoutValueIsAFlag) {
    const auto via = parse_via("SIP/2.0/UDP h;rport;branch=z9hG4bK");
    ASSERT_TRUE(via);
    EXPECT_TRUE(via->has_rport);
    EXPECT_EQ(via->rport, 0);
    EXPECT_FALSE(via->has_rfc3261_branch()) << "nothing behind the cookie";
}

TEST(ViaTest, WhiteSpaceMayStandEverywhere) {
    const auto via = parse_via("SIP  / 2.0\r\n  / TCP     spindle.example.com : 5060 ;\r\n"
                               "  branch  =   z9hG4bK9ikj8 ");
    ASSERT_TRUE(via);
    EXPECT_EQ(via->host, "spindle.example.com");
    EXPECT_EQ(via->port, 5060);
    EXPECT_EQ(via->branch, "z9hG4bK9ikj8");
}

TEST(ViaTest, Ipv6) {
    const auto via = parse_via("SIP/2.0/UDP [2001:db8::9:1]:6050;received=2001:db8::9:255");
    ASSERT_TRUE(via);
    EXPECT_EQ(via->host, "[2001:db8::9:1]");
    EXPECT_EQ(via->port, 6050);
    EXPECT_EQ(via->received, "2001:db8::9:255");
}

TEST(ViaTest, GarbageIsRefused) {
    for (const char* text : {"",
                             "SIP",
                             "SIP/2.0",
                             "SIP/2.0/",
                             "SIP/2.0/UDP",
                             "SIP/2.0/UDP ",
                             "SIP/2.0/UDP;branch=x",
                             "SIP/7.0/UDP h",
                             "HTTP/2.0/UDP h",
                             "SIP/2.0/UDPh",
                             "SIP/2.0/UDP h;;",
                             "SIP/2.0/UDP h;",
                             "SIP/2.0/UDP h;branch",
                             "SIP/2.0/UDP h;branch=",
                             "SIP/2.0/UDP h;branch=\"x\"",
                             "SIP/2.0/UDP h;rport=0",
                             "SIP/2.0/UDP h;rport=65536",
                             "SIP/2.0/UDP h;rport=x",
                             "SIP/2.0/UDP h;ttl=256",
                             "SIP/2.0/UDP h;ttl",
                             "SIP/2.0/UDP h;received=",
                             "SIP/2.0/UDP h;received=a\"b",
                             "SIP/2.0/UDP h;maddr",
                             "SIP/2.0/UDP h:0",
                             "SIP/2.0/UDP h:99999",
                             "SIP/2.0/UDP h h",
                             "SIP/2.0/UDP 192.0.2.15;;,;,,"}) {
        EXPECT_FALSE(parse_via(text)) << text;
    }
}

TEST(ViaTest, TopViaIsTheFirstElement) {
    std::string text = sample_invite();
    text.replace(text.find(";rport"), 6, ", SIP/2.0/UDP second");
    const IndexedMessage message(text);
    const auto via = top_via(message.view());
    ASSERT_TRUE(via);
    EXPECT_EQ(via->host, "10.77.0.100");
    EXPECT_FALSE(via->has_rport);
    EXPECT_FALSE(top_via(IndexedMessage("OPTIONS sip:a@b SIP/2.0\r\n\r\n").view()));
}

// A space in front changes nothing of the meaning, but is not the usual form: both ways must agree.
TEST(ViaTest, TheUsualFormMeansWhatAnyFormDoes) {
    static constexpr std::string_view kPieces[] = {"h",
                                                   "10.77.0.1",
                                                   ":5060",
                                                   ":0",
                                                   ":65535",
                                                   ":65536",
                                                   ":123456789",
                                                   ";branch=z9hG4bKab.c",
                                                   ";rport",
                                                   ";rport=5070",
                                                   ";rport=x",
                                                   ";RECEIVED=10.77.0.2",
                                                   ";received=[::1]",
                                                   ";received=\"",
                                                   ";maddr=a_b",
                                                   ";ttl=16",
                                                   ";ttl=256",
                                                   ";x",
                                                   ";y=\"a;b\"",
                                                   ";y=z/1",
                                                   ";",
                                                   "=",
                                                   " ",
                                                   ";branch"};
    std::mt19937 random(3);
    int taken = 0;
    for (int round = 0; round < 100'000; ++round) {
        std::string text = random() % 8 == 0 ? "SIP/2.0/TLS " : "SIP/2.0/UDP ";
        text += random() % 8 == 0 ? "" : "host";
        for (std::size_t pieces = random() % 6; pieces > 0; --pieces) {
            text += kPieces[random() % std::size(kPieces)];
        }
        const ExactText exact(text);
        const std::string padded = " " + text;
        const auto usual = parse_via(exact.text());
        const auto any = parse_via(padded);
        ASSERT_EQ(usual.has_value(), any.has_value()) << text;
        ASSERT_EQ(is_via_list(exact.text()), any.has_value()) << text;
        if (!usual) {
            continue;
        }
        ++taken;
        const auto all = [](const Via& via) {
            return std::tuple(via.transport,
                              via.host,
                              via.port,
                              via.has_rport,
                              via.rport,
                              via.ttl,
                              via.branch,
                              via.received,
                              via.maddr,
                              trim(via.params.text()));
        };
        ASSERT_EQ(all(*usual), all(*any)) << text;
    }
    EXPECT_GT(taken, 10'000);
}

TEST(ViaTest, AListIsWellFormedWhenEachElementIs) {
    EXPECT_TRUE(is_via_list("SIP/2.0/UDP h;branch=z9hG4bK1"));
    EXPECT_TRUE(is_via_list("SIP/2.0/UDP h;branch=z9hG4bK1, SIP / 2.0 / UDP h ,SIP/2.0/TCP i:1"));
    EXPECT_FALSE(is_via_list("SIP/2.0/UDP h;branch=z9hG4bK1, SIP/2.0/UDP"));
    EXPECT_FALSE(is_via_list("SIP/2.0/UDP h;rport=x, SIP/2.0/UDP h"));
}

TEST(ViaTest, EveryCutIsBorne) {
    for_each_cut(
        "SIP / 2.0 / UDP [2001:db8::1] : 5060;branch=z9hG4bKx;rport=1;ttl=2;received=[::1]",
        [](std::string_view cut) {
            const auto via = parse_via(cut);
            EXPECT_TRUE(!via || !via->host.empty());
        });
}

} // namespace

} // namespace tandem::sipparse
