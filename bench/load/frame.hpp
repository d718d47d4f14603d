// SPDX-License-Identifier: Apache-2.0
//
// Ethernet frames with IPv4 and UDP as a phone behind a router sends and gets them: written with
// valid checksums, read with every check a kernel would make. Written from the RFCs, without a line
// of the node's. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "bench/load/place.hpp"

namespace tandem::bench::load {

using Mac = std::array<std::uint8_t, 6>;

constexpr std::size_t kEtherBytes = 14;
constexpr std::size_t kIp4Bytes = 20;
constexpr std::size_t kUdpBytes = 8;
// In front of every payload.
constexpr std::size_t kHeadBytes = kEtherBytes + kIp4Bytes + kUdpBytes;

struct Link {
    Mac source{};
    Mac destination{};
};

struct Datagram {
    Place source;
    Place destination;
    std::string_view payload; // into the frame
};

// Writes the three headers in front of a payload that lies at frame[kHeadBytes]; `frame` is all of
// it. `id` is the IPv4 identification.
void write_head(const Link& link,
                const Place& source,
                const Place& destination,
                std::uint16_t id,
                std::span<std::uint8_t> frame);

enum class FrameKind : std::uint8_t { Datagram, ArpRequest, Other, Broken };

struct Arrived {
    FrameKind kind = FrameKind::Broken;
    Datagram datagram = {};       // of Datagram
    std::uint32_t arp_target = 0; // of ArpRequest: who is asked for
    std::uint32_t arp_sender = 0; // of ArpRequest: who asks
    Mac arp_sender_mac{};         // of ArpRequest
};

// Broken: not for this station, cut, a fragment, or a checksum that does not hold.
[[nodiscard]] Arrived read_frame(const Mac& station, std::span<const std::uint8_t> frame);

constexpr std::size_t kArpFrameBytes = 42;

enum class ArpOperation : std::uint8_t { Request = 1, Reply = 2 };

struct Arp {
    ArpOperation operation = ArpOperation::Request;
    Mac sender_mac{};
    std::uint32_t sender = 0;
    Mac target_mac{}; // all zero in a request, which goes to everybody
    std::uint32_t target = 0;
};

void write_arp(const Arp& arp, std::span<std::uint8_t, kArpFrameBytes> frame);

} // namespace tandem::bench::load
