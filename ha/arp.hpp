// SPDX-License-Identifier: Apache-2.0
//
// ARP (RFC 826) as decisions: reads a packet, says whether it is ours to answer, and writes the
// frames this node may send. It knows no port and no table of neighbours; the addresses it may
// answer for are handed in with each call. Called by the dataplane's worker for each ARP frame, and
// by the announcement (ha/announcement.hpp) for gratuitous ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/endpoint.hpp"

namespace tandem::ha {

using MacAddress = std::array<std::uint8_t, 6>;

constexpr MacAddress kBroadcastMac = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
constexpr MacAddress kZeroMac = {};

constexpr std::size_t kEthernetHeaderBytes = 14;
constexpr std::size_t kArpPacketBytes = 28;
// Padded to the smallest Ethernet frame (without its check sequence), so that no driver has to.
constexpr std::size_t kArpFrameBytes = 60;
static_assert(kEthernetHeaderBytes + kArpPacketBytes <= kArpFrameBytes);

using ArpFrame = std::array<std::uint8_t, kArpFrameBytes>;

enum class ArpOperation : std::uint16_t { Request = 1, Reply = 2 };

struct ArpPacket {
    ArpOperation operation = ArpOperation::Request;
    MacAddress sender_mac = kZeroMac;
    base::Ipv4Address sender{};
    MacAddress target_mac = kZeroMac;
    base::Ipv4Address target{};
};

// What follows the Ethernet header. Nothing for what is not IPv4 over Ethernet, is too short, has
// another operation than request or reply, or claims a multicast or zero sender MAC.
[[nodiscard]] std::optional<ArpPacket> read_arp(std::span<const std::uint8_t> bytes) noexcept;

// Ethernet header, packet and padding. The source of the frame is packet.sender_mac.
void write_arp(const ArpPacket& packet, const MacAddress& destination, ArpFrame& out) noexcept;

enum class ArpVerdict : std::uint8_t {
    Answer,     // a request for an address we hold: send arp_answer(); learn the sender
    LearnReply, // a reply to us: learn the sender
    Announced,  // somebody tells where an address lives: refresh a neighbour that is known
    Conflict,   // somebody else says that an address of ours is his
    NotOurs,    // an exchange of others
};

// `held` are the addresses of the port that got the packet. A probe (sender 0.0.0.0, RFC 5227) for
// an address of ours is answered and teaches nothing.
[[nodiscard]] ArpVerdict judge_arp(const ArpPacket& packet,
                                   std::span<const base::Ipv4Address> held) noexcept;

// The reply to a request that was judged Answer.
void write_arp_answer(const ArpPacket& request, const MacAddress& own_mac, ArpFrame& out) noexcept;

struct ArpQuestion {
    MacAddress own_mac = kZeroMac;
    base::Ipv4Address own_address{};
    base::Ipv4Address wanted{};
    // Set: ask this station only (is it still there?); else everybody is asked.
    std::optional<MacAddress> station;
};

void write_arp_request(const ArpQuestion& question, ArpFrame& out) noexcept;

// The two forms of "this address is here". Linux takes the reply form only with target MAC = sender
// MAC, and ignores other replies for 1 s after a change; so the request form is sent first.
void write_gratuitous_request(const MacAddress& own_mac,
                              base::Ipv4Address address,
                              ArpFrame& out) noexcept;
void write_gratuitous_reply(const MacAddress& own_mac,
                            base::Ipv4Address address,
                            ArpFrame& out) noexcept;

} // namespace tandem::ha
