// SPDX-License-Identifier: Apache-2.0
//
// Headers by hand (RFC 826, 791, 768, 792): written for tests, byte by byte.
#include "tests/fuzz/frame_bytes.hpp"

#include <array>

namespace tandem::fuzz {

namespace {

constexpr std::size_t kEtherBytes = 14;
constexpr std::size_t kIpBytes = 20;
constexpr std::size_t kUdpBytes = 8;
constexpr std::string_view kNodeMac("\x02\x00\x00\x00\x00\x01", 6);
constexpr std::string_view kPhoneMac("\x02\x00\x00\x00\x00\x64", 6);
constexpr std::uint32_t kNode = 0x0a4d0001; // 10.77.0.1
constexpr std::uint32_t kVip = 0x0a4d000a;  // 10.77.0.10
constexpr std::uint16_t kSipPort = 5060;

std::uint16_t word(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[at]) << 8U |
                                      static_cast<std::uint8_t>(bytes[at + 1]));
}

std::uint32_t long_word(std::string_view bytes, std::size_t at) {
    return std::uint32_t{word(bytes, at)} << 16U | word(bytes, at + 2);
}

void put(std::string& bytes, std::size_t at, std::uint16_t value) {
    bytes[at] = static_cast<char>(value >> 8U);
    bytes[at + 1] = static_cast<char>(value & 0xffU);
}

void add(std::string& bytes, std::uint16_t value) {
    bytes.append(2, '\0');
    put(bytes, bytes.size() - 2, value);
}

// The sum of RFC 1071, folded, not inverted.
std::uint32_t sum_of(std::string_view bytes, std::uint32_t sum = 0) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const std::uint32_t value = static_cast<std::uint8_t>(bytes[at]);
        sum += at % 2 == 0 ? value << 8U : value;
    }
    while (sum > 0xffff) {
        sum = (sum & 0xffffU) + (sum >> 16U);
    }
    return sum;
}

// Of the addresses, the protocol and the length, for UDP.
std::uint32_t pseudo_sum(std::string_view ip, std::size_t udp_bytes) {
    return sum_of(ip.substr(12, 8), static_cast<std::uint32_t>(17 + udp_bytes));
}

std::uint16_t inverted(std::uint32_t sum) {
    return static_cast<std::uint16_t>(~sum & 0xffffU);
}

bool has_ip(std::string_view frame) {
    return frame.size() >= kEtherBytes + kIpBytes && word(frame, 12) == 0x0800;
}

FrameJudgement judge_udp(std::string_view ip) {
    const std::string_view udp = ip.substr(kIpBytes);
    if (udp.size() < kUdpBytes || word(udp, 4) != udp.size() || word(udp, 0) != kSipPort ||
        word(udp, 2) == 0 || word(udp, 6) == 0) {
        return {};
    }
    return {.is_well_formed = sum_of(udp, pseudo_sum(ip, udp.size())) == 0xffff,
            .udp_payload = udp.substr(kUdpBytes)};
}

FrameJudgement judge_ip(std::string_view ip) {
    const bool is_ours =
        ip.size() >= kIpBytes && (long_word(ip, 12) == kNode || long_word(ip, 12) == kVip);
    if (!is_ours || ip[0] != 0x45 || word(ip, 2) != ip.size() || ip[8] == 0 ||
        sum_of(ip.substr(0, kIpBytes)) != 0xffff) {
        return {};
    }
    const std::uint32_t first = long_word(ip, 16) >> 24U;
    if (first == 0 || first == 127 || first >= 224) {
        return {};
    }
    if ((word(ip, 6) & 0x3fffU) != 0) {
        return {.is_well_formed = ip[9] == 17, .udp_payload = {}};
    }
    if (ip[9] == 17) {
        return judge_udp(ip);
    }
    const std::string_view icmp = ip.substr(kIpBytes);
    return {.is_well_formed =
                ip[9] == 1 && icmp.size() >= 8 && icmp[0] == 0 && sum_of(icmp) == 0xffff,
            .udp_payload = {}};
}

} // namespace

std::uint32_t host_address(std::uint8_t who) {
    constexpr std::array<std::uint32_t, 4> kHosts = {
        0x0a4d0064, 0x0a4d0065, 0x0a4d0066, 0xc0000201};
    return kHosts[who % kHosts.size()];
}

std::string datagram_frame(std::uint8_t who, std::string_view payload) {
    const std::uint32_t source = host_address(who);
    const std::uint32_t destination = (who & 4U) != 0 ? kNode : kVip;
    std::string frame(kNodeMac);
    frame += kPhoneMac;
    add(frame, 0x0800);
    add(frame, 0x4500);
    add(frame, static_cast<std::uint16_t>(kIpBytes + kUdpBytes + payload.size()));
    for (const std::uint16_t value : std::to_array<std::uint16_t>({0, 0x4000, 0x4011, 0})) {
        add(frame, value);
    }
    for (const std::uint32_t address : {source, destination}) {
        add(frame, static_cast<std::uint16_t>(address >> 16U));
        add(frame, static_cast<std::uint16_t>(address & 0xffffU));
    }
    add(frame, static_cast<std::uint16_t>(kSipPort + (who >> 3U)));
    add(frame, kSipPort);
    add(frame, static_cast<std::uint16_t>(kUdpBytes + payload.size()));
    add(frame, 0);
    frame += payload;
    return mended_frame(frame);
}

std::string mended_frame(std::string_view frame) {
    std::string mended(frame);
    if (!has_ip(mended)) {
        return mended;
    }
    put(mended, kEtherBytes + 10, 0);
    const std::string_view whole(mended);
    put(mended, kEtherBytes + 10, inverted(sum_of(whole.substr(kEtherBytes, kIpBytes))));
    const std::size_t total = word(mended, kEtherBytes + 2);
    if (total < kIpBytes + kUdpBytes || kEtherBytes + total > mended.size()) {
        return mended;
    }
    const std::size_t at = kEtherBytes + kIpBytes;
    const char protocol = mended[kEtherBytes + 9];
    const std::string_view ip = std::string_view(mended).substr(kEtherBytes, total);
    if (protocol == 17) {
        put(mended, at + 6, 0);
        const auto sum = inverted(sum_of(ip.substr(kIpBytes), pseudo_sum(ip, total - kIpBytes)));
        put(mended, at + 6, sum == 0 ? 0xffff : sum);
    } else if (protocol == 1) {
        put(mended, at + 2, 0);
        put(mended, at + 2, inverted(sum_of(ip.substr(kIpBytes))));
    }
    return mended;
}

FrameJudgement judge_frame(std::string_view frame) {
    if (frame.size() < kEtherBytes || frame.substr(6, 6) != kNodeMac) {
        return {};
    }
    if (word(frame, 12) == 0x0806) {
        constexpr std::size_t kArpBytes = 28;
        constexpr std::string_view kShape("\x00\x01\x08\x00\x06\x04\x00", 7);
        return {.is_well_formed = frame.size() >= kEtherBytes + kArpBytes &&
                                  frame.substr(kEtherBytes, kShape.size()) == kShape &&
                                  frame.substr(kEtherBytes + 8, 6) == kNodeMac,
                .udp_payload = {}};
    }
    return word(frame, 12) == 0x0800 ? judge_ip(frame.substr(kEtherBytes)) : FrameJudgement{};
}

} // namespace tandem::fuzz
