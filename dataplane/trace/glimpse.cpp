// SPDX-License-Identifier: Apache-2.0
//
// Reads the addresses of an IPv4 packet and the payload of its datagram, as far as they are there.
#include "dataplane/trace/glimpse.hpp"

#include <netinet/in.h>

namespace tandem::dataplane::trace {

namespace {

constexpr std::size_t kEtherBytes = 14;
constexpr std::size_t kEtherTypeAt = 12;
constexpr std::uint32_t kEtherTypeIpv4 = 0x0800;
constexpr std::size_t kIpBytesMin = 20;
constexpr std::size_t kProtocolAt = 9;
constexpr std::size_t kSourceAt = 12;
constexpr std::size_t kDestinationAt = 16;
constexpr std::size_t kUdpBytes = 8;

// The caller checked that the bytes are there.
std::uint16_t u16(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

std::uint32_t u32(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
    return std::uint32_t{u16(bytes, at)} << 16U | u16(bytes, at + 2);
}

} // namespace

Glimpse glimpse(std::span<const std::uint8_t> frame) noexcept {
    Glimpse seen;
    if (frame.size() < kEtherBytes + kIpBytesMin || u16(frame, kEtherTypeAt) != kEtherTypeIpv4) {
        return seen;
    }
    const auto ip = frame.subspan(kEtherBytes);
    const std::size_t header_bytes = (ip[0] & 0x0fU) * std::size_t{4};
    if (ip[0] >> 4U != 4 || header_bytes < kIpBytesMin) {
        return seen;
    }
    seen.source.address.value = u32(ip, kSourceAt);
    seen.destination.address.value = u32(ip, kDestinationAt);
    if (ip[kProtocolAt] != IPPROTO_UDP || ip.size() < header_bytes + kUdpBytes) {
        return seen;
    }
    const auto udp = ip.subspan(header_bytes);
    seen.source.port = u16(udp, 0);
    seen.destination.port = u16(udp, 2);
    const void* const payload = udp.data() + kUdpBytes;
    seen.payload = {static_cast<const char*>(payload), udp.size() - kUdpBytes};
    return seen;
}

} // namespace tandem::dataplane::trace
