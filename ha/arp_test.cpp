// SPDX-License-Identifier: Apache-2.0
//
// ARP packets byte for byte, and who gets an answer.
#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "ha/arp.hpp"

namespace tandem::ha {
namespace {

constexpr MacAddress kOwnMac = {2, 0, 0, 0, 0, 1};
constexpr MacAddress kPhoneMac = {2, 0, 0, 0, 0, 0x64};
constexpr base::Ipv4Address kUnique = {0x0a4d0001};
constexpr base::Ipv4Address kVip = {0x0a4d000a};
constexpr base::Ipv4Address kPhone = {0x0a4d0064};
constexpr std::array<base::Ipv4Address, 2> kHeld = {kUnique, kVip};

ArpPacket request_for(base::Ipv4Address target) {
    return {.operation = ArpOperation::Request,
            .sender_mac = kPhoneMac,
            .sender = kPhone,
            .target_mac = kZeroMac,
            .target = target};
}

std::vector<std::uint8_t> payload_of(const ArpPacket& packet) {
    ArpFrame frame{};
    write_arp(packet, kBroadcastMac, frame);
    return {frame.begin() + kEthernetHeaderBytes, frame.end()};
}

TEST(Arp, WrittenPacketReadsBackEqual) {
    const auto packet = read_arp(payload_of(request_for(kVip)));
    ASSERT_TRUE(packet.has_value());
    EXPECT_EQ(packet->operation, ArpOperation::Request);
    EXPECT_EQ(packet->sender_mac, kPhoneMac);
    EXPECT_EQ(packet->sender, kPhone);
    EXPECT_EQ(packet->target, kVip);
}

TEST(Arp, AnswerIsByteExact) {
    ArpFrame frame{};
    write_arp_answer(request_for(kVip), kOwnMac, frame);
    const std::vector<std::uint8_t> expected = {
        2, 0, 0, 0, 0, 0x64, 2, 0,  0,    0, 0,  1, 8, 6, 0, 1, 8,    0,  6,    4, 0,
        2, 2, 0, 0, 0, 0,    1, 10, 0x4d, 0, 10, 2, 0, 0, 0, 0, 0x64, 10, 0x4d, 0, 0x64};
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), frame.begin()));
    EXPECT_TRUE(std::all_of(frame.begin() + 42, frame.end(), [](auto byte) { return byte == 0; }));
}

TEST(Arp, EveryCutAndEveryWrongFieldIsRefused) {
    const auto good = payload_of(request_for(kVip));
    for (std::size_t bytes = 0; bytes < kArpPacketBytes; ++bytes) {
        EXPECT_FALSE(read_arp(std::span(good).first(bytes)).has_value()) << bytes;
    }
    for (const std::size_t at : {0U, 2U, 4U, 5U, 6U, 7U}) {
        auto bad = good;
        bad[at] = static_cast<std::uint8_t>(bad[at] + 0x40);
        EXPECT_FALSE(read_arp(bad).has_value()) << at;
    }
    auto multicast = good;
    multicast[8] = 3;
    EXPECT_FALSE(read_arp(multicast).has_value());
    auto zero = good;
    std::fill_n(zero.begin() + 8, 6, std::uint8_t{0});
    EXPECT_FALSE(read_arp(zero).has_value());
}

TEST(Arp, AnswersForEachHeldAddressOnly) {
    EXPECT_EQ(judge_arp(request_for(kUnique), kHeld), ArpVerdict::Answer);
    EXPECT_EQ(judge_arp(request_for(kVip), kHeld), ArpVerdict::Answer);
    EXPECT_EQ(judge_arp(request_for({0x0a4d0002}), kHeld), ArpVerdict::NotOurs);
}

TEST(Arp, ProbeForOurAddressIsAnswered) {
    ArpPacket probe = request_for(kVip);
    probe.sender = {};
    EXPECT_EQ(judge_arp(probe, kHeld), ArpVerdict::Answer);
    probe.target = kPhone;
    EXPECT_EQ(judge_arp(probe, kHeld), ArpVerdict::NotOurs);
}

TEST(Arp, ReplyToUsIsLearntAndOthersAreNot) {
    ArpPacket reply = request_for(kUnique);
    reply.operation = ArpOperation::Reply;
    EXPECT_EQ(judge_arp(reply, kHeld), ArpVerdict::LearnReply);
    reply.target = {0x0a4d00c8};
    EXPECT_EQ(judge_arp(reply, kHeld), ArpVerdict::NotOurs);
}

TEST(Arp, GratuitousPacketOfAnotherIsAnAnnouncement) {
    ArpPacket gratuitous = request_for(kPhone);
    EXPECT_EQ(judge_arp(gratuitous, kHeld), ArpVerdict::Announced);
    gratuitous.operation = ArpOperation::Reply;
    EXPECT_EQ(judge_arp(gratuitous, kHeld), ArpVerdict::Announced);
}

TEST(Arp, SomebodyElseWithOurAddressIsAConflict) {
    ArpPacket claim = request_for(kPhone);
    claim.sender = kVip;
    EXPECT_EQ(judge_arp(claim, kHeld), ArpVerdict::Conflict);
    claim.target = kVip;
    EXPECT_EQ(judge_arp(claim, kHeld), ArpVerdict::Conflict);
}

TEST(Arp, QuestionGoesToEverybodyOrToOneStation) {
    ArpFrame frame{};
    write_arp_request(
        {.own_mac = kOwnMac, .own_address = kUnique, .wanted = kPhone, .station = std::nullopt},
        frame);
    EXPECT_TRUE(std::equal(kBroadcastMac.begin(), kBroadcastMac.end(), frame.begin()));
    write_arp_request(
        {.own_mac = kOwnMac, .own_address = kUnique, .wanted = kPhone, .station = kPhoneMac},
        frame);
    EXPECT_TRUE(std::equal(kPhoneMac.begin(), kPhoneMac.end(), frame.begin()));
}

TEST(Arp, GratuitousReplyNamesTheSenderTwice) {
    ArpFrame frame{};
    write_gratuitous_reply(kOwnMac, kVip, frame);
    const auto packet = read_arp(std::span(frame).subspan(kEthernetHeaderBytes));
    ASSERT_TRUE(packet.has_value());
    EXPECT_EQ(packet->operation, ArpOperation::Reply);
    EXPECT_EQ(packet->target_mac, kOwnMac);
    EXPECT_EQ(packet->sender, kVip);
    EXPECT_EQ(packet->target, kVip);
}

} // namespace
} // namespace tandem::ha
