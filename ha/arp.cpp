// SPDX-License-Identifier: Apache-2.0
//
// Bytes of ARP packets in and out, and the rule which of them concern this node (RFC 826, RFC
// 5227). Pure functions on the caller's buffers; runs on the dataplane's worker.
#include "ha/arp.hpp"

#include <algorithm>

namespace tandem::ha {

namespace {

constexpr std::uint16_t kHardwareEthernet = 1;
constexpr std::uint16_t kProtocolIpv4 = 0x0800;
constexpr std::uint16_t kEtherTypeArp = 0x0806;

std::uint16_t read_u16(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

base::Ipv4Address read_address(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
    return {std::uint32_t{bytes[at]} << 24U | std::uint32_t{bytes[at + 1]} << 16U |
            std::uint32_t{bytes[at + 2]} << 8U | std::uint32_t{bytes[at + 3]}};
}

MacAddress read_mac(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
    MacAddress mac{};
    std::copy_n(bytes.data() + at, mac.size(), mac.data());
    return mac;
}

// Appends fields in network byte order.
class FrameWriter {
  public:
    explicit FrameWriter(ArpFrame& out) : out_(out) { out_.fill(0); }

    void mac(const MacAddress& value) noexcept {
        std::copy_n(value.data(), value.size(), out_.data() + at_);
        at_ += value.size();
    }

    void u8(std::uint8_t value) noexcept { out_[at_++] = value; }

    void u16(std::uint16_t value) noexcept {
        u8(static_cast<std::uint8_t>(value >> 8U));
        u8(static_cast<std::uint8_t>(value & 0xffU));
    }

    void address(base::Ipv4Address value) noexcept {
        u16(static_cast<std::uint16_t>(value.value >> 16U));
        u16(static_cast<std::uint16_t>(value.value & 0xffffU));
    }

  private:
    ArpFrame& out_;
    std::size_t at_ = 0;
};

bool is_held(base::Ipv4Address address, std::span<const base::Ipv4Address> held) noexcept {
    return std::find(held.begin(), held.end(), address) != held.end();
}

} // namespace

std::optional<ArpPacket> read_arp(std::span<const std::uint8_t> bytes) noexcept {
    constexpr std::uint8_t kMulticastBit = 0x01;
    if (bytes.size() < kArpPacketBytes || read_u16(bytes, 0) != kHardwareEthernet ||
        read_u16(bytes, 2) != kProtocolIpv4 || bytes[4] != 6 || bytes[5] != 4) {
        return std::nullopt;
    }
    const std::uint16_t operation = read_u16(bytes, 6);
    if (operation != 1 && operation != 2) {
        return std::nullopt;
    }
    const ArpPacket packet = {.operation = static_cast<ArpOperation>(operation),
                              .sender_mac = read_mac(bytes, 8),
                              .sender = read_address(bytes, 14),
                              .target_mac = read_mac(bytes, 18),
                              .target = read_address(bytes, 24)};
    if ((packet.sender_mac[0] & kMulticastBit) != 0 || packet.sender_mac == kZeroMac) {
        return std::nullopt;
    }
    return packet;
}

void write_arp(const ArpPacket& packet, const MacAddress& destination, ArpFrame& out) noexcept {
    FrameWriter writer(out);
    writer.mac(destination);
    writer.mac(packet.sender_mac);
    writer.u16(kEtherTypeArp);
    writer.u16(kHardwareEthernet);
    writer.u16(kProtocolIpv4);
    writer.u8(6);
    writer.u8(4);
    writer.u16(static_cast<std::uint16_t>(packet.operation));
    writer.mac(packet.sender_mac);
    writer.address(packet.sender);
    writer.mac(packet.target_mac);
    writer.address(packet.target);
}

ArpVerdict judge_arp(const ArpPacket& packet, std::span<const base::Ipv4Address> held) noexcept {
    if (is_held(packet.sender, held)) {
        return ArpVerdict::Conflict;
    }
    const bool to_us = is_held(packet.target, held);
    if (packet.operation == ArpOperation::Request && to_us) {
        return ArpVerdict::Answer;
    }
    if (packet.sender.value == 0) {
        return ArpVerdict::NotOurs;
    }
    if (packet.sender == packet.target) {
        return ArpVerdict::Announced;
    }
    return to_us ? ArpVerdict::LearnReply : ArpVerdict::NotOurs;
}

void write_arp_answer(const ArpPacket& request, const MacAddress& own_mac, ArpFrame& out) noexcept {
    write_arp({.operation = ArpOperation::Reply,
               .sender_mac = own_mac,
               .sender = request.target,
               .target_mac = request.sender_mac,
               .target = request.sender},
              request.sender_mac,
              out);
}

void write_arp_request(const ArpQuestion& question, ArpFrame& out) noexcept {
    write_arp({.operation = ArpOperation::Request,
               .sender_mac = question.own_mac,
               .sender = question.own_address,
               .target_mac = kZeroMac,
               .target = question.wanted},
              question.station.value_or(kBroadcastMac),
              out);
}

void write_gratuitous_request(const MacAddress& own_mac,
                              base::Ipv4Address address,
                              ArpFrame& out) noexcept {
    write_arp({.operation = ArpOperation::Request,
               .sender_mac = own_mac,
               .sender = address,
               .target_mac = kZeroMac,
               .target = address},
              kBroadcastMac,
              out);
}

void write_gratuitous_reply(const MacAddress& own_mac,
                            base::Ipv4Address address,
                            ArpFrame& out) noexcept {
    write_arp({.operation = ArpOperation::Reply,
               .sender_mac = own_mac,
               .sender = address,
               .target_mac = own_mac,
               .target = address},
              kBroadcastMac,
              out);
}

} // namespace tandem::ha
