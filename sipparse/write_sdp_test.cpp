// SPDX-License-Identifier: Apache-2.0
//
// Edits of session descriptions: what is asked for and nothing else.
#include <array>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/write_sdp.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kSession =
    "v=0\r\no=- 1 2 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\n"
    "t=0 0\r\n";
constexpr std::string_view kAudio = "m=audio 20000 RTP/AVP 0 8\r\n"
                                    "a=rtpmap:0 PCMU/8000\r\n";
constexpr std::string_view kVideo = "m=video 20002/2 RTP/AVP 96\r\n"
                                    "i=the room\r\n"
                                    "c=IN IP4 10.0.0.2\r\n"
                                    "b=AS:64\r\n"
                                    "a=sendonly\r\n"
                                    "a=rtpmap:96 H264/90000\r\n"
                                    "a=inactive\r\n";

std::string joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const std::string_view part : parts) {
        text += part;
    }
    return text;
}

std::string edited(const std::string& text, const SdpEdits& edits) {
    const SdpResult result = parse_sdp(text);
    EXPECT_EQ(result.error, SdpError::None) << text;
    std::array<char, 4096> out = {};
    return std::string(write_sdp(result.sdp, edits, out));
}

std::string edited(const std::string& text, const SdpEdit& edit) {
    return edited(text, SdpEdits{.medias = std::span(&edit, 1)});
}

TEST(WriteSdpTest, WithoutEditsItIsCopied) {
    const std::string text = joined({kSession, kAudio, kVideo});
    EXPECT_EQ(edited(text, SdpEdits{}), text);
    EXPECT_EQ(edited(std::string(kSession), SdpEdits{}), kSession);
}

TEST(WriteSdpTest, DirectionIsReplacedOrAdded) {
    const std::string text = joined({kSession, kAudio, kVideo});
    EXPECT_EQ(edited(text, {.direction = SdpDirection::ReceiveOnly}),
              joined({kSession,
                      kAudio,
                      "a=recvonly\r\n",
                      "m=video 20002/2 RTP/AVP 96\r\ni=the room\r\nc=IN IP4 10.0.0.2\r\n"
                      "b=AS:64\r\na=recvonly\r\na=rtpmap:96 H264/90000\r\n"}));
}

TEST(WriteSdpTest, ConnectionIsReplacedOrAddedWhereItBelongs) {
    const SdpConnection there{.address_type = "IP6", .address = "2001:db8::7"};
    const std::string text = joined({kSession, kAudio, kVideo});
    EXPECT_EQ(edited(text, {.connection = there}),
              joined({kSession,
                      "m=audio 20000 RTP/AVP 0 8\r\nc=IN IP6 2001:db8::7\r\n"
                      "a=rtpmap:0 PCMU/8000\r\n",
                      "m=video 20002/2 RTP/AVP 96\r\ni=the room\r\nc=IN IP6 2001:db8::7\r\n"
                      "b=AS:64\r\na=sendonly\r\na=rtpmap:96 H264/90000\r\na=inactive\r\n"}));
}

TEST(WriteSdpTest, PortOfOneMedia) {
    const std::string text = joined({kSession, kAudio, kVideo});
    std::string expected = text;
    expected.replace(expected.find("20002"), 5, "7");
    EXPECT_EQ(edited(text, {.media = 1, .port = 7}), expected);
    EXPECT_EQ(edited(text, {.media = 2, .port = 7}), text); // there is no third one
}

TEST(WriteSdpTest, TheLastEditOfAPartCounts) {
    const std::array edits = {
        SdpEdit{.direction = SdpDirection::Inactive, .port = 1},
        SdpEdit{.media = 0, .port = 2},
    };
    const std::string text =
        edited(joined({kSession, kAudio, kVideo}), SdpEdits{.medias = edits, .version = 3});
    const SdpResult result = parse_sdp(text);
    ASSERT_EQ(result.error, SdpError::None);
    EXPECT_EQ(result.sdp.origin, "- 1 3 IN IP4 10.0.0.1");
    std::vector<std::uint16_t> ports;
    for (const SdpMedia& media : result.sdp.medias()) {
        EXPECT_EQ(media.direction, SdpDirection::Inactive);
        ports.push_back(media.port);
    }
    EXPECT_EQ(ports, (std::vector<std::uint16_t>{2, 1}));
}

TEST(WriteSdpTest, LineEndsStayAndAMissingOneIsAdded) {
    const std::string bare = "v=0\no=- 1 1 IN IP4 h\ns=-\nc=IN IP4 h\nm=audio 9 RTP/AVP 0";
    EXPECT_EQ(edited(bare + "\n", {.direction = SdpDirection::SendOnly}), bare + "\na=sendonly\n");
    EXPECT_EQ(edited(bare, {.direction = SdpDirection::SendOnly}), bare + "\r\na=sendonly\r\n");
}

TEST(WriteSdpTest, FitsExactlyOrNotAtAll) {
    const SdpResult result = parse_sdp(kSession);
    std::vector<char> out(kSession.size());
    EXPECT_EQ(write_sdp(result.sdp, {}, out), kSession);
    out.pop_back();
    EXPECT_TRUE(write_sdp(result.sdp, {}, out).empty());
}

// Whatever can be read says what was asked for once it is edited, and nothing else changes.
TEST(WriteSdpTest, WhatIsWrittenIsReadBack) {
    std::mt19937 random(5);
    int edits = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string text = joined({kSession, kAudio, kVideo});
        for (unsigned change = 0; change < random() % 4; ++change) {
            text[random() % text.size()] = "\r\n =:/0amcv\xff"[random() % 12];
        }
        const SdpResult before = parse_sdp(text);
        if (before.error != SdpError::None) {
            continue;
        }
        ++edits;
        const SdpEdit edit{.direction = SdpDirection::ReceiveOnly,
                           .connection = SdpConnection{"IP4", "192.0.2.1"},
                           .port = 4'000};
        const std::string after_text = edited(text, edit);
        const SdpResult after = parse_sdp(after_text);
        ASSERT_EQ(after.error, SdpError::None) << text << after_text;
        ASSERT_EQ(after.sdp.media_count, before.sdp.media_count);
        ASSERT_EQ(after.sdp.session, before.sdp.session);
        auto old = before.sdp.medias().begin();
        for (const SdpMedia& media : after.sdp.medias()) {
            ASSERT_EQ(media.direction, SdpDirection::ReceiveOnly) << after_text;
            ASSERT_EQ(media.connection.address, "192.0.2.1") << after_text;
            ASSERT_EQ(media.port, 4'000) << after_text;
            ASSERT_EQ(media.type, old->type);
            ASSERT_EQ(media.formats, old->formats);
            ++old;
        }
    }
    EXPECT_GT(edits, 1'000);
}

} // namespace

} // namespace tandem::sipparse
