// SPDX-License-Identifier: Apache-2.0
//
// RFC 894, 791, 768 and 826 in bytes. The checksum sums 64 bits at a time, because at a hundred
// thousand messages a second it is a tenth of what a phone costs.
#include "bench/load/frame.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tandem::bench::load {

namespace {

constexpr std::uint16_t kTypeIp4 = 0x0800;
constexpr std::uint16_t kTypeArp = 0x0806;
constexpr std::uint8_t kProtocolUdp = 17;
constexpr std::uint8_t kTtl = 64;

void put16(std::span<std::uint8_t> at, std::size_t offset, std::uint16_t value) {
    at[offset] = static_cast<std::uint8_t>(value >> 8U);
    at[offset + 1] = static_cast<std::uint8_t>(value);
}

void put32(std::span<std::uint8_t> at, std::size_t offset, std::uint32_t value) {
    put16(at, offset, static_cast<std::uint16_t>(value >> 16U));
    put16(at, offset + 2, static_cast<std::uint16_t>(value));
}

std::uint16_t get16(std::span<const std::uint8_t> at, std::size_t offset) {
    return static_cast<std::uint16_t>(at[offset] << 8U | at[offset + 1]);
}

std::uint32_t get32(std::span<const std::uint8_t> at, std::size_t offset) {
    return std::uint32_t{get16(at, offset)} << 16U | get16(at, offset + 2);
}

// The ones' complement sum in the order of memory (RFC 1071 section 2B); not folded.
std::uint64_t sum_of(std::span<const std::uint8_t> bytes) {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    while (bytes.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof(word));
        low += word & 0xffff'ffffU;
        high += word >> 32U;
        bytes = bytes.subspan(8);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, bytes.data(), bytes.size());
    return low + high + (rest & 0xffff'ffffU) + (rest >> 32U);
}

// Folded, in the order of memory; 0xffff when all is right and the checksum was part of it.
std::uint16_t fold(std::uint64_t sum) {
    while (sum > 0xffffU) {
        sum = (sum & 0xffffU) + (sum >> 16U);
    }
    return static_cast<std::uint16_t>(sum);
}

std::uint64_t pseudo_header(std::span<const std::uint8_t> ip, std::size_t udp_bytes) {
    std::array<std::uint8_t, 12> pseudo{};
    std::copy_n(ip.begin() + 12, 8, pseudo.begin());
    pseudo[9] = kProtocolUdp;
    put16(pseudo, 10, static_cast<std::uint16_t>(udp_bytes));
    return sum_of(pseudo);
}

// The checksum of a sum, as its two bytes lie in memory.
void put_checksum(std::span<std::uint8_t> at, std::size_t offset, std::uint64_t sum) {
    const auto checksum = static_cast<std::uint16_t>(~fold(sum));
    std::memcpy(at.data() + offset, &checksum, sizeof(checksum));
}

Arrived read_datagram(std::span<const std::uint8_t> ip) {
    if (ip.size() < kIp4Bytes + kUdpBytes || ip[0] != 0x45 || ip[9] != kProtocolUdp) {
        return {.kind =
                    ip.size() >= kIp4Bytes && ip[0] == 0x45 ? FrameKind::Other : FrameKind::Broken};
    }
    const std::size_t total = get16(ip, 2);
    const bool is_fragment = (get16(ip, 6) & 0x3fffU) != 0;
    if (total > ip.size() || total < kIp4Bytes + kUdpBytes || is_fragment ||
        fold(sum_of(ip.first(kIp4Bytes))) != 0xffff) {
        return {};
    }
    const auto udp = ip.subspan(kIp4Bytes, total - kIp4Bytes);
    if (get16(udp, 4) != udp.size() || get16(udp, 6) == 0 ||
        fold(pseudo_header(ip, udp.size()) + sum_of(udp)) != 0xffff) {
        return {};
    }
    const auto payload = udp.subspan(kUdpBytes);
    return {
        .kind = FrameKind::Datagram,
        .datagram = {.source = {.address = get32(ip, 12), .port = get16(udp, 0)},
                     .destination = {.address = get32(ip, 16), .port = get16(udp, 2)},
                     .payload = {reinterpret_cast<const char*>(payload.data()), payload.size()}}};
}

Arrived read_arp(std::span<const std::uint8_t> arp) {
    Arrived arrived{.kind = FrameKind::Other};
    if (arp.size() < kArpFrameBytes - kEtherBytes) {
        arrived.kind = FrameKind::Broken;
    } else if (get16(arp, 6) == static_cast<std::uint16_t>(ArpOperation::Request)) {
        arrived.kind = FrameKind::ArpRequest;
        std::copy_n(arp.begin() + 8, 6, arrived.arp_sender_mac.begin());
        arrived.arp_sender = get32(arp, 14);
        arrived.arp_target = get32(arp, 24);
    }
    return arrived;
}

} // namespace

void write_head(const Link& link,
                const Place& source,
                const Place& destination,
                std::uint16_t id,
                std::span<std::uint8_t> frame) {
    std::copy(link.destination.begin(), link.destination.end(), frame.begin());
    std::copy(link.source.begin(), link.source.end(), frame.begin() + 6);
    put16(frame, 12, kTypeIp4);
    const auto ip = frame.subspan(kEtherBytes);
    std::fill_n(ip.begin(), kIp4Bytes + kUdpBytes, std::uint8_t{0});
    ip[0] = 0x45;
    put16(ip, 2, static_cast<std::uint16_t>(ip.size()));
    put16(ip, 4, id);
    put16(ip, 6, 0x4000); // do not fragment
    ip[8] = kTtl;
    ip[9] = kProtocolUdp;
    put32(ip, 12, source.address);
    put32(ip, 16, destination.address);
    put_checksum(ip, 10, sum_of(ip.first(kIp4Bytes)));
    const auto udp = ip.subspan(kIp4Bytes);
    put16(udp, 0, source.port);
    put16(udp, 2, destination.port);
    put16(udp, 4, static_cast<std::uint16_t>(udp.size()));
    put_checksum(udp, 6, pseudo_header(ip, udp.size()) + sum_of(udp));
    if (get16(udp, 6) == 0) {
        put16(udp, 6, 0xffff); // RFC 768: 0 would say there is none
    }
}

Arrived read_frame(const Mac& station, std::span<const std::uint8_t> frame) {
    if (frame.size() < kEtherBytes) {
        return {};
    }
    const std::uint16_t type = get16(frame, 12);
    if (type == kTypeArp) {
        return read_arp(frame.subspan(kEtherBytes));
    }
    if (type != kTypeIp4) {
        return {.kind = FrameKind::Other};
    }
    if (!std::equal(station.begin(), station.end(), frame.begin())) {
        return {};
    }
    return read_datagram(frame.subspan(kEtherBytes));
}

void write_arp(const Arp& arp, std::span<std::uint8_t, kArpFrameBytes> frame) {
    constexpr Mac kEverybody = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const Mac& to = arp.operation == ArpOperation::Request ? kEverybody : arp.target_mac;
    std::copy(to.begin(), to.end(), frame.begin());
    std::copy(arp.sender_mac.begin(), arp.sender_mac.end(), frame.begin() + 6);
    put16(frame, 12, kTypeArp);
    put16(frame, 14, 1); // Ethernet
    put16(frame, 16, kTypeIp4);
    frame[18] = 6;
    frame[19] = 4;
    put16(frame, 20, static_cast<std::uint16_t>(arp.operation));
    std::copy(arp.sender_mac.begin(), arp.sender_mac.end(), frame.begin() + 22);
    put32(frame, 28, arp.sender);
    std::copy(arp.target_mac.begin(), arp.target_mac.end(), frame.begin() + 32);
    put32(frame, 38, arp.target);
}

} // namespace tandem::bench::load
