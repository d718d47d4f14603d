// SPDX-License-Identifier: Apache-2.0
//
// The schedule of gratuitous ARP, with a clock made of numbers.
#include <gtest/gtest.h>
#include <string>

#include "ha/announcement.hpp"

namespace tandem::ha {
namespace {

constexpr MacAddress kOwnMac = {2, 0, 0, 0, 0, 1};
constexpr std::array<base::Ipv4Address, 2> kHeld = {base::Ipv4Address{0x0a4d0001},
                                                    base::Ipv4Address{0x0a4d000a}};

// "Q1 R1 QA RA " for the frames that are due: form and last octet of the address.
std::string due(Announcement& announcement, base::MonotonicNs now) {
    std::string text;
    while (const ArpFrame* frame = announcement.next_due(kHeld, now)) {
        const auto packet = read_arp(std::span(*frame).subspan(kEthernetHeaderBytes));
        text += packet->operation == ArpOperation::Request ? 'Q' : 'R';
        text += "0123456789A"[packet->sender.value & 0xffU];
        text += ' ';
    }
    return text;
}

TEST(Announcement, SaysNothingBeforeItsStart) {
    Announcement announcement(kOwnMac);
    EXPECT_TRUE(announcement.is_silent());
    EXPECT_EQ(due(announcement, 10 * base::kNsPerS), "");
}

TEST(Announcement, EachRoundIsRequestThenReplyForEachAddress) {
    Announcement announcement(kOwnMac);
    const base::MonotonicNs start = 5 * base::kNsPerS;
    announcement.start(start);
    for (const std::uint32_t at_ms : kAnnouncementAtMs) {
        const base::MonotonicNs at = start + at_ms * base::kNsPerMs;
        if (at_ms > 0) {
            EXPECT_EQ(due(announcement, at - 1), "");
        }
        EXPECT_EQ(due(announcement, at), "Q1 R1 QA RA ");
        EXPECT_EQ(due(announcement, at), "");
    }
    EXPECT_TRUE(announcement.is_silent());
}

TEST(Announcement, StartsAgainFromTheFirstRound) {
    Announcement announcement(kOwnMac);
    announcement.start(0);
    EXPECT_EQ(due(announcement, 0), "Q1 R1 QA RA ");
    announcement.start(50 * base::kNsPerMs);
    EXPECT_EQ(due(announcement, 50 * base::kNsPerMs), "Q1 R1 QA RA ");
}

} // namespace
} // namespace tandem::ha
