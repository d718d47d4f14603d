// SPDX-License-Identifier: Apache-2.0
//
// IPv4 addresses and UDP endpoints as values in host byte order, with text in both directions.
// No name resolution and no sockets; parsing accepts dotted decimal only, without leading zeros.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::base {

struct Ipv4Address {
    std::uint32_t value = 0; // host byte order; 0 = not set

    auto operator<=>(const Ipv4Address&) const = default;
};

struct Endpoint {
    Ipv4Address address;
    std::uint16_t port = 0;     // host byte order
    std::uint16_t reserved = 0; // keeps the layout explicit in shared memory

    auto operator<=>(const Endpoint&) const = default;
};

static_assert(sizeof(Endpoint) == 8);

constexpr std::size_t kIpv4TextBytesMax = 15;
constexpr std::size_t kEndpointTextBytesMax = kIpv4TextBytesMax + 6;

// "10.77.0.1" -> address; nothing for any other text.
[[nodiscard]] std::optional<Ipv4Address> parse_ipv4(std::string_view text) noexcept;
// "10.77.0.1:5060" -> endpoint; without ":port" the port is default_port.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view text,
                                                     std::uint16_t default_port) noexcept;

// Write at most kIpv4TextBytesMax / kEndpointTextBytesMax characters (no terminator) to `out` and
// return the end of what was written.
char* write_ipv4(Ipv4Address address, char* out) noexcept;
char* write_endpoint(Endpoint endpoint, char* out) noexcept;

// RFC 1918, 100.64/10 (RFC 6598), link-local and loopback addresses.
[[nodiscard]] bool is_private(Ipv4Address address) noexcept;

} // namespace tandem::base
