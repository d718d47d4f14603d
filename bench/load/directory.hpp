// SPDX-License-Identifier: Apache-2.0
//
// Who there is: numbers of six digits, spread over ten thousand addresses, each number at a port of
// its own there, and the switch they all use. Pure arithmetic; any thread.
#pragma once

#include <cstdint>

#include "bench/load/place.hpp"
#include "bench/load/text.hpp"

namespace tandem::bench::load {

constexpr std::uint32_t kAddresses = 10'000;
constexpr std::uint32_t kFirstNumber = 100'000;
constexpr std::uint32_t kNumberDigits = 6;
constexpr Place kSwitch{.address = ipv4(10, 77, 0, 10), .port = 5060};

struct Directory {
    std::uint32_t numbers = 100'000; // at most 900,000

    // phone < numbers.
    [[nodiscard]] static std::uint32_t number(std::uint32_t phone) { return kFirstNumber + phone; }

    [[nodiscard]] static std::uint32_t address(std::uint32_t phone) {
        const std::uint32_t host = phone % kAddresses;
        return ipv4(10,
                    80,
                    static_cast<std::uint8_t>(host / 250),
                    static_cast<std::uint8_t>(1 + host % 250));
    }

    // Where it registers and is called.
    [[nodiscard]] static Place place(std::uint32_t phone) {
        return {.address = address(phone),
                .port = static_cast<std::uint16_t>(5060 + phone / kAddresses)};
    }
};

// Above every registered port: ports that one call uses.
constexpr std::uint16_t kCallPortMin = 10'000;
constexpr std::uint32_t kCallPorts = 50'000;

// Scatters the bits of a number (SplitMix64's finish), so that names of calls look like chance and
// a run can be repeated.
constexpr std::uint64_t scatter(std::uint64_t value) {
    value += 0x9e37'79b9'7f4a'7c15U;
    value = (value ^ (value >> 30U)) * 0xbf58'476d'1ce4'e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d0'49bb'1331'11ebU;
    return value ^ (value >> 31U);
}

} // namespace tandem::bench::load
