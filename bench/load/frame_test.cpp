// SPDX-License-Identifier: Apache-2.0
//
// Frames as a phone writes and reads them: checksums by the plain rule of RFC 1071, every bit of a
// frame that matters turned once, and ARP.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "bench/load/frame.hpp"

namespace tandem::bench::load {
namespace {

constexpr Mac kOurs = {2, 0, 0, 0, 0, 1};
constexpr Mac kTheirs = {2, 0, 0, 0, 0, 2};
constexpr Place kFrom{.address = ipv4(10, 80, 0, 1), .port = 5060};
constexpr Place kTo{.address = ipv4(10, 77, 0, 10), .port = 5061};

std::vector<std::uint8_t> frame_of(const std::string& payload) {
    std::vector<std::uint8_t> frame(kHeadBytes + payload.size());
    std::copy(payload.begin(), payload.end(), frame.begin() + kHeadBytes);
    write_head({.source = kTheirs, .destination = kOurs}, kFrom, kTo, 7, frame);
    return frame;
}

// RFC 1071 word by word; 0xffff when the checksum inside holds.
std::uint32_t plain_sum(std::vector<std::uint8_t> bytes) {
    if (bytes.size() % 2 == 1) {
        bytes.push_back(0);
    }
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        sum += static_cast<std::uint32_t>(bytes[i] << 8U | bytes[i + 1]);
        sum = (sum & 0xffffU) + (sum >> 16U);
    }
    return sum;
}

TEST(Frame, ChecksumsHoldForAllLengths) {
    for (std::size_t bytes = 0; bytes < 70; ++bytes) {
        const auto frame = frame_of(std::string(bytes, static_cast<char>('a' + bytes % 26)));
        EXPECT_EQ(plain_sum({frame.begin() + 14, frame.begin() + 34}), 0xffffU);
        // Both addresses, protocol and length, then the datagram.
        std::vector<std::uint8_t> udp(frame.size() - 34 + 12);
        std::copy_n(frame.begin() + 26, 8, udp.begin());
        udp[9] = 17;
        udp[11] = static_cast<std::uint8_t>(8 + bytes);
        std::copy(frame.begin() + 34, frame.end(), udp.begin() + 12);
        EXPECT_EQ(plain_sum(udp), 0xffffU) << bytes;
    }
}

TEST(Frame, ReadsWhatItWrote) {
    const auto frame = frame_of("hello");
    const Arrived arrived = read_frame(kOurs, frame);
    ASSERT_EQ(arrived.kind, FrameKind::Datagram);
    EXPECT_EQ(arrived.datagram.source, kFrom);
    EXPECT_EQ(arrived.datagram.destination, kTo);
    EXPECT_EQ(arrived.datagram.payload, "hello");
}

TEST(Frame, NoticesEveryBitThatTurned) {
    const auto right = frame_of("hello, world");
    for (std::size_t bit = 0; bit < right.size() * 8; ++bit) {
        const std::size_t byte = bit / 8;
        if (byte >= 6 && byte < 12) {
            continue; // the sender's MAC is covered by nothing
        }
        auto frame = right;
        frame[byte] = static_cast<std::uint8_t>(frame[byte] ^ (1U << (bit % 8)));
        const Arrived arrived = read_frame(kOurs, frame);
        EXPECT_NE(arrived.kind, FrameKind::Datagram) << "byte " << byte;
    }
}

TEST(Frame, IsReadAtEveryLength) {
    const auto whole = frame_of("hello");
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
        const std::vector<std::uint8_t> cut(whole.begin(),
                                            whole.begin() + static_cast<std::ptrdiff_t>(bytes));
        EXPECT_NE(read_frame(kOurs, cut).kind, FrameKind::Datagram) << bytes;
    }
}

TEST(Frame, ReadsAnArpRequest) {
    std::array<std::uint8_t, kArpFrameBytes> frame{};
    write_arp({.operation = ArpOperation::Request,
               .sender_mac = kTheirs,
               .sender = kFrom.address,
               .target_mac = {},
               .target = kTo.address},
              frame);
    const Arrived arrived = read_frame(kOurs, frame);
    ASSERT_EQ(arrived.kind, FrameKind::ArpRequest);
    EXPECT_EQ(arrived.arp_target, kTo.address);
    EXPECT_EQ(arrived.arp_sender, kFrom.address);
    EXPECT_EQ(arrived.arp_sender_mac, kTheirs);
}

} // namespace
} // namespace tandem::bench::load
