// SPDX-License-Identifier: Apache-2.0
//
// Builds and reads Ethernet, ARP, IPv4, ICMP and UDP byte by byte, with every fault a case may ask
// for. Test code: throws on a word it does not know.
#include "frame_text.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace tandem::replay {

namespace {

constexpr std::size_t kEtherBytes = 14;
constexpr std::size_t kIpBytes = 20;
constexpr std::size_t kUdpBytes = 8;

unsigned u8(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes.at(at));
}

unsigned u16(std::string_view bytes, std::size_t at) {
    return u8(bytes, at) << 8U | u8(bytes, at + 1);
}

std::string be16(unsigned value) {
    return {static_cast<char>(value >> 8U & 0xffU), static_cast<char>(value & 0xffU)};
}

unsigned checksum(std::string_view bytes) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        sum += u8(bytes, i) << 8U | (i + 1 < bytes.size() ? u8(bytes, i + 1) : 0);
        sum = (sum & 0xffffU) + (sum >> 16U);
    }
    return ~sum & 0xffffU;
}

std::string mac_bytes(std::string_view text) {
    if (text == "broadcast") {
        return std::string(6, '\xff');
    }
    std::string hex;
    for (const char c : text) {
        if (c != ':') {
            hex += c;
        }
    }
    return bytes_from_hex(hex);
}

std::string mac_text(std::string_view bytes) {
    if (bytes == std::string(6, '\xff')) {
        return "broadcast";
    }
    std::string text;
    for (std::size_t i = 0; i < 6; ++i) {
        text += fmt::format("{}{:02x}", i == 0 ? "" : ":", u8(bytes, i));
    }
    return text;
}

std::string address_bytes(const std::string& text) {
    std::istringstream in(text);
    std::string part;
    std::string bytes;
    while (std::getline(in, part, '.')) {
        bytes += static_cast<char>(std::stoi(part));
    }
    if (bytes.size() != 4) {
        throw std::runtime_error("bad address " + text);
    }
    return bytes;
}

std::string address_text(std::string_view bytes) {
    return fmt::format("{}.{}.{}.{}", u8(bytes, 0), u8(bytes, 1), u8(bytes, 2), u8(bytes, 3));
}

// Words before the first "key=value", and the pairs.
struct Words {
    std::vector<std::string> plain;
    std::map<std::string, std::string> pairs;

    [[nodiscard]] std::string get(const std::string& key, const std::string& otherwise) const {
        const auto found = pairs.find(key);
        return found == pairs.end() ? otherwise : found->second;
    }

    [[nodiscard]] unsigned number(const std::string& key, unsigned otherwise) const {
        const auto found = pairs.find(key);
        return found == pairs.end() ? otherwise
                                    : static_cast<unsigned>(std::stoul(found->second, nullptr, 0));
    }
};

Words split(std::string_view text) {
    Words words;
    std::istringstream in{std::string(text)};
    std::string word;
    while (in >> word) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos) {
            words.plain.push_back(word);
        } else {
            words.pairs[word.substr(0, equals)] = word.substr(equals + 1);
        }
    }
    return words;
}

std::string ether(const Words& words, unsigned type, std::string_view payload) {
    return mac_bytes(words.get("to-mac", std::string(kNodeMac))) +
           mac_bytes(words.get("from-mac", std::string(kPhoneMac))) +
           be16(words.number("ether-type", type)) + std::string(payload);
}

struct Pair {
    std::string address;
    unsigned port = 0;
};

Pair pair_of(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) {
        return {.address = address_bytes(text)};
    }
    return {.address = address_bytes(text.substr(0, colon)),
            .port = static_cast<unsigned>(std::stoul(text.substr(colon + 1)))};
}

std::string ip(const Words& words,
               unsigned protocol,
               const std::string& source,
               const std::string& destination,
               std::string_view payload) {
    const std::string options(words.number("ip-options", 0), '\x01');
    const unsigned header_bytes = static_cast<unsigned>(kIpBytes + options.size());
    std::string header;
    header += static_cast<char>(words.number("ip-version", 4U << 4U | header_bytes / 4));
    header += '\0';
    header += be16(words.number("ip-length", header_bytes + static_cast<unsigned>(payload.size())));
    header += be16(1) + be16(words.number("ip-fragment", 0));
    header += static_cast<char>(64);
    header += static_cast<char>(words.number("ip-protocol", protocol));
    header += be16(0) + source + destination + options;
    const unsigned sum = checksum(header) ^ (words.get("ip-checksum", "") == "bad" ? 1U : 0U);
    header.replace(10, 2, be16(sum));
    return ether(words, 0x0800, header + std::string(payload));
}

std::string udp(const Words& words, std::string_view payload) {
    const Pair from = pair_of(words.plain.at(1));
    const Pair to = pair_of(words.plain.at(3));
    const unsigned bytes = static_cast<unsigned>(kUdpBytes + payload.size());
    std::string datagram = be16(from.port) + be16(to.port) +
                           be16(words.number("udp-length", bytes)) + be16(0) + std::string(payload);
    const std::string pseudo = from.address + to.address + std::string("\0\x11", 2) + be16(bytes);
    unsigned sum = checksum(pseudo + datagram);
    sum = sum == 0 ? 0xffffU : sum;
    const std::string fault = words.get("udp-checksum", "");
    sum = fault == "bad" ? sum ^ 1U : fault == "none" ? 0 : sum;
    datagram.replace(6, 2, be16(sum));
    return ip(words, 17, from.address, to.address, datagram);
}

// "icmp echo-request FROM > TO id=7 seq=1"
std::string icmp(const Words& words, std::string_view payload) {
    const unsigned type = words.number("type", 8);
    std::string message = std::string{static_cast<char>(type), '\0'} + be16(0) +
                          be16(words.number("id", 1)) + be16(words.number("seq", 1)) +
                          std::string(payload);
    const unsigned fault = words.get("icmp-checksum", "") == "bad" ? 1U : 0U;
    message.replace(2, 2, be16(checksum(message) ^ fault));
    return ip(
        words, 1, address_bytes(words.plain.at(2)), address_bytes(words.plain.at(4)), message);
}

// "arp request SENDER wants TARGET", "arp reply SENDER to TARGET"
std::string arp(const Words& words) {
    const bool is_request = words.plain.at(1) == "request";
    const std::string from = mac_bytes(words.get("from-mac", std::string(kPhoneMac)));
    const std::string target_mac =
        words.get("target-mac", is_request ? "00:00:00:00:00:00" : std::string(kNodeMac));
    Words addressed = words;
    addressed.pairs.emplace("to-mac", is_request ? "broadcast" : std::string(kNodeMac));
    return ether(addressed,
                 0x0806,
                 be16(1) + be16(0x0800) + "\x06\x04" + be16(is_request ? 1 : 2) + from +
                     address_bytes(words.plain.at(2)) + mac_bytes(target_mac) +
                     address_bytes(words.plain.at(4)));
}

std::string arp_text(std::string_view frame) {
    const std::string_view arp = frame.substr(kEtherBytes);
    return fmt::format("arp {} {} {} {} from-mac={} target-mac={} to-mac={}",
                       u16(arp, 6) == 1 ? "request" : "reply",
                       address_text(arp.substr(14)),
                       u16(arp, 6) == 1 ? "wants" : "to",
                       address_text(arp.substr(24)),
                       mac_text(arp.substr(8, 6)),
                       mac_text(arp.substr(18, 6)),
                       mac_text(frame.substr(0, 6)));
}

// What is wrong with a frame we sent, as further words.
std::string faults(std::string_view frame) {
    const std::string_view packet = frame.substr(kEtherBytes);
    std::string text;
    if (mac_text(frame.substr(6, 6)) != kNodeMac) {
        text += " from-mac=" + mac_text(frame.substr(6, 6));
    }
    if (mac_text(frame.substr(0, 6)) != kPhoneMac) {
        text += " to-mac=" + mac_text(frame.substr(0, 6));
    }
    if (checksum(packet.substr(0, kIpBytes)) != 0) {
        text += " ip-checksum=bad";
    }
    if (u16(packet, 2) != packet.size()) {
        text += fmt::format(" ip-length={}", u16(packet, 2));
    }
    return text;
}

FrameText udp_text(std::string_view frame) {
    const std::string_view packet = frame.substr(kEtherBytes);
    const std::string_view datagram = packet.substr(kIpBytes);
    const std::string pseudo = std::string(packet.substr(12, 8)) + std::string("\0\x11", 2) +
                               be16(static_cast<unsigned>(datagram.size()));
    std::string words = fmt::format("udp {}:{} > {}:{}",
                                    address_text(packet.substr(12)),
                                    u16(datagram, 0),
                                    address_text(packet.substr(16)),
                                    u16(datagram, 2));
    if (checksum(pseudo + std::string(datagram)) != 0 || u16(datagram, 6) == 0) {
        words += " udp-checksum=bad";
    }
    if (u16(datagram, 4) != datagram.size()) {
        words += fmt::format(" udp-length={}", u16(datagram, 4));
    }
    return {.words = words + faults(frame), .payload = std::string(datagram.substr(kUdpBytes))};
}

FrameText ip_text(std::string_view frame) {
    constexpr unsigned kMoreAndOffset = 0x3fff;
    const std::string_view packet = frame.substr(kEtherBytes);
    const std::string ends =
        address_text(packet.substr(12)) + " > " + address_text(packet.substr(16));
    const unsigned fragment = u16(packet, 6);
    if ((fragment & kMoreAndOffset) != 0) {
        return {.words = fmt::format("fragment {} offset={} bytes={} more={}{}",
                                     ends,
                                     (fragment & 0x1fffU) * 8,
                                     packet.size() - kIpBytes,
                                     fragment >> 13U & 1U,
                                     faults(frame)),
                .payload = {}};
    }
    if (u8(packet, 9) == 17) {
        return udp_text(frame);
    }
    const std::string_view message = packet.substr(kIpBytes);
    return {.words = fmt::format("icmp {} {} id={} seq={} bytes={}{}{}",
                                 u8(message, 0) == 0 ? "echo-reply" : "other",
                                 ends,
                                 u16(message, 4),
                                 u16(message, 6),
                                 message.size() - 8,
                                 checksum(message) == 0 ? "" : " icmp-checksum=bad",
                                 faults(frame)),
            .payload = {}};
}

} // namespace

std::string bytes_from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoul(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return bytes;
}

std::string hex_from_bytes(std::string_view bytes) {
    std::string hex;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        hex += fmt::format("{:02x}", u8(bytes, i));
    }
    return hex;
}

std::string frame_from_text(std::string_view text, std::string_view payload) {
    const Words words = split(text);
    const std::string& kind = words.plain.at(0);
    std::string frame;
    if (kind == "udp") {
        frame = udp(words, payload);
    } else if (kind == "icmp") {
        frame = icmp(words, payload);
    } else if (kind == "arp") {
        frame = arp(words);
    } else if (kind == "hex") {
        frame = bytes_from_hex(words.plain.at(1));
    } else {
        throw std::runtime_error("unknown frame " + kind);
    }
    frame.resize(words.number("frame-bytes", static_cast<unsigned>(frame.size())));
    return frame;
}

FrameText text_from_frame(std::string_view frame) {
    switch (u16(frame, 12)) {
    case 0x0806:
        return {.words = arp_text(frame), .payload = {}};
    case 0x0800:
        return ip_text(frame);
    default:
        return {.words = "hex " + hex_from_bytes(frame), .payload = {}};
    }
}

} // namespace tandem::replay
