// SPDX-License-Identifier: Apache-2.0
//
// Descriptions of phones and gateways, what RFC 8866 and RFC 3264 say of them, and damaged ones.
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/sdp.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kTwoMedias = "v=0\r\n"
                                        "o=- 1 2 IN IP4 10.0.0.1\r\n"
                                        "s=-\r\n"
                                        "c=IN IP4 10.0.0.1\r\n"
                                        "t=0 0\r\n"
                                        "a=sendonly\r\n"
                                        "m=audio 20000 RTP/AVP 0 8 101\r\n"
                                        "a=rtpmap:101 telephone-event/8000\r\n"
                                        "a=fmtp:101 0-15\r\n"
                                        "m=video 20002/2 RTP/SAVP 96\r\n"
                                        "c=IN IP6 2001:db8::1\r\n"
                                        "a=rtpmap:96 H264/90000\r\n"
                                        "a=inactive\r\n"
                                        "a=ice-ufrag:8hhY\r\n";

std::vector<SdpMedia> medias_of(const Sdp& sdp) {
    std::vector<SdpMedia> medias;
    for (const SdpMedia& media : sdp.medias()) {
        medias.push_back(media);
    }
    return medias;
}

TEST(SdpTest, SessionAndMedias) {
    const SdpResult result = parse_sdp(kTwoMedias);
    ASSERT_EQ(result.error, SdpError::None);
    const Sdp& sdp = result.sdp;
    EXPECT_EQ(sdp.text, kTwoMedias);
    EXPECT_EQ(sdp.origin, "- 1 2 IN IP4 10.0.0.1");
    EXPECT_EQ(sdp.connection.address, "10.0.0.1");
    EXPECT_EQ(sdp.direction, SdpDirection::SendOnly);
    EXPECT_EQ(sdp.media_count, 2U);
    EXPECT_TRUE(sdp.has_ice);
    EXPECT_TRUE(sdp.has_srtp);
    const auto medias = medias_of(sdp);
    ASSERT_EQ(medias.size(), 2U);
    EXPECT_EQ(std::string(sdp.session) + std::string(medias[0].text) + std::string(medias[1].text),
              kTwoMedias);
    EXPECT_EQ(medias[0].type, "audio");
    EXPECT_EQ(medias[0].port, 20'000);
    EXPECT_EQ(medias[0].ports, 1);
    EXPECT_EQ(medias[0].protocol, "RTP/AVP");
    EXPECT_EQ(medias[0].formats, "0 8 101");
    EXPECT_EQ(medias[0].connection.address, "10.0.0.1");
    EXPECT_EQ(medias[0].direction, SdpDirection::SendOnly); // of the session
    EXPECT_FALSE(medias[0].has_ice);
    EXPECT_FALSE(medias[0].has_srtp);
    EXPECT_EQ(medias[1].ports, 2);
    EXPECT_EQ(medias[1].connection.address_type, "IP6");
    EXPECT_EQ(medias[1].connection.address, "2001:db8::1");
    EXPECT_EQ(medias[1].direction, SdpDirection::Inactive);
    EXPECT_TRUE(medias[1].has_ice);
    EXPECT_TRUE(medias[1].has_srtp); // by its protocol
}

TEST(SdpTest, IceAndSrtpOfTheSessionHoldForItsMedias) {
    const SdpResult result = parse_sdp("v=0\no=- 1 1 IN IP4 h\ns=-\nc=IN IP4 h\nt=0 0\n"
                                       "a=ice-ufrag:x\na=fingerprint:sha-256 AA\n"
                                       "m=audio 9 RTP/AVP 0\n");
    ASSERT_EQ(result.error, SdpError::None);
    const auto medias = medias_of(result.sdp);
    ASSERT_EQ(medias.size(), 1U);
    EXPECT_TRUE(medias[0].has_ice);
    EXPECT_TRUE(medias[0].has_srtp);
    EXPECT_EQ(medias[0].direction, SdpDirection::SendReceive);
}

TEST(SdpTest, Codecs) {
    const SdpResult result = parse_sdp(kTwoMedias);
    const auto medias = medias_of(result.sdp);
    const auto event = medias[0].codec("101");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->encoding, "telephone-event");
    EXPECT_EQ(event->clock_hz, 8'000U);
    EXPECT_EQ(event->channels, 1);
    EXPECT_EQ(medias[0].codec("8")->encoding, "PCMA"); // RFC 3551
    EXPECT_FALSE(medias[0].codec("96"));
    EXPECT_EQ(medias[1].codec("96")->clock_hz, 90'000U);
    const SdpResult stereo = parse_sdp("v=0\no=- 1 1 IN IP4 h\ns=-\nc=IN IP4 h\n"
                                       "m=audio 9 RTP/AVP 97 98\na=rtpmap:97 opus/48000/2\n"
                                       "a=rtpmap:98 broken\n");
    const SdpMedia media = *stereo.sdp.medias().begin();
    EXPECT_EQ(media.codec("97")->channels, 2);
    EXPECT_FALSE(media.codec("98"));
}

TEST(SdpTest, HoldAndRefusedStreams) {
    const SdpResult result = parse_sdp("v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\n"
                                       "m=audio 0 RTP/AVP 0\n"
                                       "m=audio 4000 RTP/AVP 0\nc=IN IP4 0.0.0.0\n");
    ASSERT_EQ(result.error, SdpError::None); // a refused stream needs no address
    const auto medias = medias_of(result.sdp);
    EXPECT_TRUE(medias[0].is_refused());
    EXPECT_FALSE(medias[0].connection.is_set());
    EXPECT_TRUE(medias[1].connection.is_hold());
}

TEST(SdpTest, MulticastAddressesLoseTheirTtl) {
    const SdpResult result =
        parse_sdp("v=0\no=- 1 1 IN IP4 h\ns=-\nc=IN IP4 224.2.1.1/127/3\nm=audio 9 RTP/AVP 0\n");
    EXPECT_EQ(result.sdp.connection.address, "224.2.1.1");
}

TEST(SdpTest, WhatFollowsAnEmptyLineIsNotPartOfIt) {
    const std::string text = std::string(kTwoMedias) + "\r\nnonsense";
    const SdpResult result = parse_sdp(text);
    EXPECT_EQ(result.error, SdpError::None);
    EXPECT_EQ(result.sdp.text, kTwoMedias);
}

struct Damage {
    std::string text;
    SdpError error;
    std::string at; // beginning of the line that is wrong
};

TEST(SdpTest, ErrorsAndTheirPlaces) {
    const std::string head = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\n";
    const std::string connected = head + "c=IN IP4 h\r\n";
    const std::vector<Damage> damages = {
        {"", SdpError::Empty, ""},
        {"v=1\r\n", SdpError::VersionMissing, "v=1"},
        {"o=x\r\nv=0\r\n", SdpError::VersionMissing, "o=x"},
        {"v=0\r\ns=-\r\n", SdpError::OriginMissing, "v=0"},
        {head + "x\r\n", SdpError::LineMalformed, "x\r\n"},
        {head + "X=1\r\n", SdpError::LineMalformed, "X=1"},
        {head + "i=a\rb\r\n", SdpError::LineMalformed, "i=a"},
        {head + "i=a\r", SdpError::LineMalformed, "i=a"},
        {head + "c=IN IP4\r\n", SdpError::ConnectionMalformed, "c=IN IP4\r\n"},
        {head + "c=IN IP4 h more\r\n", SdpError::ConnectionMalformed, "c="},
        {head + "c=IN IP4 /1\r\n", SdpError::ConnectionMalformed, "c="},
        {head + "m=audio 9 RTP/AVP 0\r\n", SdpError::ConnectionMissing, "m=audio"},
        {head + "m=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 1\r\nc=IN IP4 h\r\n",
         SdpError::ConnectionMissing,
         "m=audio"},
        {connected + "m=audio\r\n", SdpError::MediaMalformed, "m=audio"},
        {connected + "m=audio 65536 RTP/AVP 0\r\n", SdpError::MediaMalformed, "m=audio"},
        {connected + "m=audio 9/0 RTP/AVP 0\r\n", SdpError::MediaMalformed, "m=audio"},
        {connected + "m=audio 9 RTP/AVP\r\n", SdpError::MediaMalformed, "m=audio"},
        {connected + "m=audio x RTP/AVP 0\r\n", SdpError::MediaMalformed, "m=audio"},
    };
    for (const Damage& damage : damages) {
        const SdpResult result = parse_sdp(damage.text);
        EXPECT_EQ(result.error, damage.error) << damage.text;
        EXPECT_TRUE(
            std::string_view(damage.text).substr(result.error_offset).starts_with(damage.at))
            << damage.text << result.error_offset;
        EXPECT_FALSE(sentence(result.error).empty());
    }
}

// Whatever it is: the parts lie in the text, in order, and reading ends.
void expect_sane(std::string_view text) {
    const SdpResult result = parse_sdp(text);
    if (result.error != SdpError::None) {
        EXPECT_LE(result.error_offset, text.size());
        return;
    }
    std::size_t count = 0;
    std::size_t bytes = result.sdp.session.size();
    for (const SdpMedia& media : result.sdp.medias()) {
        ++count;
        bytes += media.text.size();
        static_cast<void>(media.codec("101"));
    }
    EXPECT_EQ(count, result.sdp.media_count);
    EXPECT_EQ(bytes, result.sdp.text.size());
}

TEST(SdpTest, EveryCutIsBorne) {
    for_each_cut(kTwoMedias, expect_sane);
}

TEST(SdpTest, RandomDamageIsBorne) {
    std::mt19937 random(11);
    for (int round = 0; round < 20'000; ++round) {
        std::string text(kTwoMedias);
        for (unsigned change = 0; change <= random() % 4; ++change) {
            text[random() % text.size()] = "\r\n =:/0amcv\xff"[random() % 12];
        }
        const ExactText exact(text);
        expect_sane(exact.text());
    }
}

} // namespace

} // namespace tandem::sipparse
