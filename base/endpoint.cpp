// SPDX-License-Identifier: Apache-2.0
//
// Text forms of IPv4 addresses and endpoints, with no allocation. Called by the configuration
// loader, the control commands and, for Via and Contact, by the core's message writer.
#include "base/endpoint.hpp"

#include <charconv>

namespace tandem::base {

namespace {

// Reads a decimal number of at most `max` from the front of `text`, without leading zeros.
std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t max) noexcept {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || number > max || (digits > 1 && text.front() == '0')) {
        return std::nullopt;
    }
    text.remove_prefix(digits);
    return number;
}

} // namespace

std::optional<Ipv4Address> parse_ipv4(std::string_view text) noexcept {
    Ipv4Address address;
    for (int octet = 0; octet < 4; ++octet) {
        if (octet > 0) {
            if (text.empty() || text.front() != '.') {
                return std::nullopt;
            }
            text.remove_prefix(1);
        }
        const auto number = take_number(text, 255);
        if (!number) {
            return std::nullopt;
        }
        address.value = address.value << 8U | *number;
    }
    if (!text.empty()) {
        return std::nullopt;
    }
    return address;
}

std::optional<Endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port) noexcept {
    const auto colon = text.find(':');
    const auto address = parse_ipv4(text.substr(0, colon));
    if (!address) {
        return std::nullopt;
    }
    if (colon == std::string_view::npos) {
        return Endpoint{.address = *address, .port = default_port};
    }
    text.remove_prefix(colon + 1);
    const auto port = take_number(text, 65535);
    if (!port || *port == 0 || !text.empty()) {
        return std::nullopt;
    }
    return Endpoint{.address = *address, .port = static_cast<std::uint16_t>(*port)};
}

char* write_ipv4(Ipv4Address address, char* out) noexcept {
    for (unsigned shift = 32; shift > 0;) {
        shift -= 8;
        out = std::to_chars(out, out + 3, address.value >> shift & 0xFFU).ptr;
        if (shift > 0) {
            *out++ = '.';
        }
    }
    return out;
}

char* write_endpoint(Endpoint endpoint, char* out) noexcept {
    out = write_ipv4(endpoint.address, out);
    *out++ = ':';
    return std::to_chars(out, out + 5, endpoint.port).ptr;
}

bool is_private(Ipv4Address address) noexcept {
    struct Block {
        std::uint32_t network;
        std::uint32_t mask;
    };

    constexpr Block kBlocks[] = {
        {0x0A000000, 0xFF000000}, // 10/8
        {0xAC100000, 0xFFF00000}, // 172.16/12
        {0xC0A80000, 0xFFFF0000}, // 192.168/16
        {0x64400000, 0xFFC00000}, // 100.64/10
        {0xA9FE0000, 0xFFFF0000}, // 169.254/16
        {0x7F000000, 0xFF000000}, // 127/8
    };
    for (const auto& block : kBlocks) {
        if ((address.value & block.mask) == block.network) {
            return true;
        }
    }
    return false;
}

} // namespace tandem::base
