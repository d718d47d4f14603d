// SPDX-License-Identifier: Apache-2.0
//
// The neighbour table with a clock made of numbers: questions, queues, limits and expiry.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ha/neighbour.hpp"

namespace tandem::ha {
namespace {

using Kind = NeighbourAnswer::Kind;

constexpr MacAddress kOwnMac = {2, 0, 0, 0, 0, 1};
constexpr MacAddress kPhoneMac = {2, 0, 0, 0, 0, 0x64};
constexpr MacAddress kOtherMac = {2, 0, 0, 0, 0, 0x65};
constexpr base::Ipv4Address kOwn = {0x0a4d0001};
constexpr base::Ipv4Address kPhone = {0x0a4d0064};
constexpr base::Ipv4Address kGateway = {0x0a4d00fe};
constexpr base::MonotonicNs kMs = base::kNsPerMs;

class NeighbourTableTest : public testing::Test {
  protected:
    NeighbourTable table_{{.address = kOwn, .prefix_length = 24, .gateway = kGateway}, kOwnMac};

    // Addresses asked for, '*' for everybody, '1' for one station.
    std::vector<std::string> questions() {
        std::vector<std::string> out;
        while (const ArpFrame* frame = table_.take_question()) {
            const auto packet = read_arp(std::span(*frame).subspan(kEthernetHeaderBytes));
            EXPECT_EQ(packet->sender, kOwn);
            const char to = (*frame)[0] == 0xff ? '*' : '1';
            out.push_back(to + std::to_string(packet->target.value & 0xffU));
        }
        return out;
    }

    std::vector<ReleasedFrame> released() {
        std::vector<ReleasedFrame> out;
        while (const auto frame = table_.take_released()) {
            out.push_back(*frame);
        }
        return out;
    }

    void answer(base::Ipv4Address sender, const MacAddress& mac, base::MonotonicNs now) {
        table_.learn({.operation = ArpOperation::Reply,
                      .sender_mac = mac,
                      .sender = sender,
                      .target_mac = kOwnMac,
                      .target = kOwn},
                     ArpVerdict::LearnReply,
                     now);
    }

    void ask(base::Ipv4Address sender, const MacAddress& mac, base::MonotonicNs now) {
        table_.learn(
            {.sender_mac = mac, .sender = sender, .target = kOwn}, ArpVerdict::Answer, now);
    }
};

using Strings = std::vector<std::string>;

TEST_F(NeighbourTableTest, FramesWaitForTheAnswerAndLeaveInOrder) {
    EXPECT_EQ(table_.resolve(kPhone, 7, kMs).kind, Kind::Queued);
    EXPECT_EQ(table_.resolve(kPhone, 8, 2 * kMs).kind, Kind::Queued);
    EXPECT_EQ(questions(), Strings{"*100"});
    answer(kPhone, kPhoneMac, 3 * kMs);
    const auto frames = released();
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[0].token, 7U);
    EXPECT_EQ(frames[1].token, 8U);
    EXPECT_TRUE(frames[0].send && frames[1].send);
    EXPECT_EQ(frames[0].mac, kPhoneMac);
    EXPECT_EQ(table_.pending(), 0U);
    const auto now_known = table_.resolve(kPhone, 9, 4 * kMs);
    EXPECT_EQ(now_known.kind, Kind::Send);
    EXPECT_EQ(now_known.mac, kPhoneMac);
}

TEST_F(NeighbourTableTest, QuestionIsRepeatedWithBackOffThenTheFramesAreLost) {
    ASSERT_EQ(table_.resolve(kPhone, 7, kMs).kind, Kind::Queued);
    EXPECT_EQ(questions().size(), 1U);
    std::vector<base::MonotonicNs> asked_at;
    base::MonotonicNs lost_at = 0;
    for (base::MonotonicNs ms = 2; ms <= 1'600; ++ms) {
        table_.expire(ms * kMs);
        if (!questions().empty()) {
            asked_at.push_back(ms);
        }
        for (const ReleasedFrame& frame : released()) {
            EXPECT_FALSE(frame.send);
            EXPECT_EQ(frame.token, 7U);
            lost_at = ms;
        }
    }
    EXPECT_EQ(asked_at, (std::vector<base::MonotonicNs>{101, 301, 701}));
    EXPECT_EQ(lost_at, 1'501U);
    EXPECT_EQ(table_.resolve(kPhone, 8, 1'601 * kMs).kind, Kind::Failed);
    table_.expire(2'501 * kMs);
    EXPECT_EQ(table_.entries(), 0U);
    EXPECT_EQ(table_.resolve(kPhone, 9, 2'502 * kMs).kind, Kind::Queued);
}

TEST_F(NeighbourTableTest, OutsideTheSubnetTheGatewayIsAsked) {
    EXPECT_EQ(table_.resolve({0x08080808}, 1, kMs).kind, Kind::Queued);
    EXPECT_EQ(questions(), Strings{"*254"});
}

TEST_F(NeighbourTableTest, WithoutGatewayThereIsNoRoute) {
    NeighbourTable lonely({.address = kOwn, .prefix_length = 24, .gateway = {}}, kOwnMac);
    EXPECT_EQ(lonely.resolve({0x08080808}, 1, kMs).kind, Kind::NoRoute);
    EXPECT_EQ(lonely.entries(), 0U);
}

TEST_F(NeighbourTableTest, WhoAsksUsIsKnownAndVerifiedWhenUsed) {
    ask(kPhone, kPhoneMac, kMs);
    EXPECT_TRUE(questions().empty());
    const auto to_phone = table_.resolve(kPhone, 1, 2 * kMs);
    EXPECT_EQ(to_phone.kind, Kind::Send);
    EXPECT_EQ(to_phone.mac, kPhoneMac);
    EXPECT_EQ(questions(), Strings{"1100"});
}

TEST_F(NeighbourTableTest, ProbesOfASilentStationEndInFailure) {
    ask(kPhone, kPhoneMac, 0);
    ASSERT_EQ(table_.resolve(kPhone, 1, kMs).kind, Kind::Send);
    Strings asked = questions();
    for (base::MonotonicNs second = 1; second <= 4; ++second) {
        table_.expire(second * base::kNsPerS + kMs);
        const Strings more = questions();
        asked.insert(asked.end(), more.begin(), more.end());
    }
    EXPECT_EQ(asked, (Strings{"1100", "1100", "*100", "*100"}));
    EXPECT_EQ(table_.resolve(kPhone, 2, 4 * base::kNsPerS + 2 * kMs).kind, Kind::Failed);
}

TEST_F(NeighbourTableTest, AnAnnouncementChangesAKnownStationOnly) {
    const ArpPacket gratuitous = {.sender_mac = kOtherMac, .sender = kPhone, .target = kPhone};
    table_.learn(gratuitous, ArpVerdict::Announced, kMs);
    EXPECT_EQ(table_.entries(), 0U);
    ask(kPhone, kPhoneMac, 2 * kMs);
    table_.learn(gratuitous, ArpVerdict::Announced, 3 * kMs);
    EXPECT_EQ(table_.resolve(kPhone, 1, 4 * kMs).mac, kOtherMac);
}

TEST_F(NeighbourTableTest, AnswersThatNobodyAskedForAreNotLearnt) {
    answer(kPhone, kPhoneMac, kMs);
    EXPECT_EQ(table_.entries(), 0U);
}

TEST_F(NeighbourTableTest, SendersOutsideTheSubnetAreNotLearnt) {
    ask({0x08080808}, kPhoneMac, kMs);
    ask({0}, kPhoneMac, kMs);
    EXPECT_EQ(table_.entries(), 0U);
}

TEST_F(NeighbourTableTest, OneNeighbourCannotTakeTheWholeQueue) {
    for (std::uint32_t i = 0; i < kPendingPerNeighbourMax; ++i) {
        ASSERT_EQ(table_.resolve(kPhone, i, kMs).kind, Kind::Queued);
    }
    EXPECT_EQ(table_.resolve(kPhone, 999, kMs).kind, Kind::Full);
    EXPECT_EQ(table_.resolve({kPhone.value + 1}, 1'000, kMs).kind, Kind::Queued);
}

TEST_F(NeighbourTableTest, TheQueueOfAllNeighboursIsBounded) {
    std::uint32_t queued = 0;
    for (std::uint32_t i = 0; i < kPendingMax + 50; ++i) {
        const base::Ipv4Address to = {kPhone.value + i % 10};
        queued += table_.resolve(to, i, kMs).kind == Kind::Queued ? 1U : 0U;
    }
    EXPECT_EQ(queued, kPendingMax);
    EXPECT_EQ(table_.pending(), kPendingMax);
    for (std::uint32_t i = 0; i < 10; ++i) {
        answer({kPhone.value + i}, kPhoneMac, 2 * kMs);
    }
    EXPECT_EQ(released().size(), kPendingMax);
    EXPECT_EQ(table_.pending(), 0U);
}

TEST(NeighbourTableLimits, AFullTableGivesUpIdleEntriesButNotThoseInUse) {
    NeighbourTable table({.address = {0x0a000001}, .prefix_length = 8, .gateway = {}}, kOwnMac);
    const auto ask_from = [&](std::uint32_t station, base::MonotonicNs now) {
        table.learn(
            {.sender_mac = kPhoneMac, .sender = {0x0a010000 + station}, .target = {0x0a000001}},
            ArpVerdict::Answer,
            now);
    };
    for (std::uint32_t i = 0; i < kNeighboursMax; ++i) {
        ask_from(i, i);
    }
    EXPECT_EQ(table.entries(), kNeighboursMax);
    EXPECT_EQ(table.resolve({0x0a010000}, 1, 5'000).kind, Kind::Send); // in use: Probe
    ask_from(kNeighboursMax, 6'000);                                   // takes the place of 1
    EXPECT_EQ(table.entries(), kNeighboursMax);
    EXPECT_EQ(table.resolve({0x0a010000}, 1, 7'000).kind, Kind::Send);
    EXPECT_EQ(table.resolve({0x0a010001}, 1, 7'000).kind, Kind::Queued);
}

TEST(NeighbourTableLimits, AFullTableOfStationsInUseRefuses) {
    NeighbourTable table({.address = {0x0a000001}, .prefix_length = 8, .gateway = {}}, kOwnMac);
    for (std::uint32_t i = 0; i < kNeighboursMax; ++i) {
        (void)table.resolve({0x0a010000 + i}, i, 1);
    }
    EXPECT_EQ(table.resolve({0x0a020000}, 1, 2).kind, Kind::Full);
}

TEST_F(NeighbourTableTest, RowsShowWhatIsKnown) {
    ask(kPhone, kPhoneMac, kMs);
    (void)table_.resolve(kGateway, 5, kMs);
    std::vector<NeighbourRow> rows(8);
    ASSERT_EQ(table_.copy_rows(rows), 2U);
    const auto& gateway = rows[0].address == kGateway ? rows[0] : rows[1];
    EXPECT_EQ(gateway.state, NeighbourState::Incomplete);
    EXPECT_EQ(gateway.pending, 1U);
    EXPECT_EQ(table_.copy_rows(std::span(rows).first(1)), 1U);
}

TEST_F(NeighbourTableTest, AStationThatIsNotUsedIsForgotten) {
    ask(kPhone, kPhoneMac, 0);
    table_.expire(kStaleMs * kMs - 1);
    EXPECT_EQ(table_.entries(), 1U);
    table_.expire(kStaleMs * kMs);
    EXPECT_EQ(table_.entries(), 0U);
}

} // namespace
} // namespace tandem::ha
