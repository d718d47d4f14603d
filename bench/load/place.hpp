// SPDX-License-Identifier: Apache-2.0
//
// Where something is reached: an IPv4 address and a UDP port in host order, and how they are
// written. The load shares no such type with the node, so that a mistake of the node's is not
// repeated here. Any thread.
#pragma once

#include <cstdint>

namespace tandem::bench::load {

struct Place {
    std::uint32_t address = 0;
    std::uint16_t port = 0;

    bool operator==(const Place&) const = default;
};

constexpr std::uint32_t ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return std::uint32_t{a} << 24U | std::uint32_t{b} << 16U | std::uint32_t{c} << 8U | d;
}

} // namespace tandem::bench::load
