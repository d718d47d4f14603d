// SPDX-License-Identifier: Apache-2.0
//
// For tests of the core: a configuration with DNs and trunks, made by hand. Never part of a
// process.
#pragma once

#include <string>

#include "config/configuration.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/core/test_message.hpp"

namespace tandem::controlplane {

inline config::DnRange dn_range(std::uint64_t first, std::uint64_t last) {
    config::DnRange range;
    range.numbers.push_back({.first = first, .last = last, .digits = 4, .name = {}});
    range.realm = "10.77.0.10";
    return range;
}

inline config::Trunk
trunk_to(const std::string& name, std::string_view contact, const std::string& prefix) {
    config::Trunk trunk;
    trunk.name = name;
    trunk.contact.learned = false;
    trunk.contact.target = endpoint_of(contact);
    trunk.prefix = prefix;
    return trunk;
}

// Extensions 1000-1009 (learned), 1900-1909 (the same, password pw-<number>), 1200-1201 (static
// 10.77.0.101:5070); no trunks.
inline config::Configuration small_configuration() {
    config::Configuration configuration;
    configuration.application.sip_address = endpoint_of("10.77.0.10").address;
    configuration.application.realm = "10.77.0.10";
    configuration.application.max_registrations = 64;
    configuration.dn_ranges.push_back(dn_range(1000, 1009));
    configuration.dn_ranges.push_back(dn_range(1900, 1909));
    configuration.dn_ranges.back().password = "pw-<number>";
    configuration.dn_ranges.push_back(dn_range(1200, 1201));
    configuration.dn_ranges.back().contact.learned = false;
    configuration.dn_ranges.back().contact.target = endpoint_of("10.77.0.101:5070");
    return configuration;
}

constexpr std::array<std::uint8_t, 32> kTestSecret = {4, 5, 6};

constexpr Now at_seconds(std::uint64_t seconds) {
    // Any day will do; the two clocks differ so that a mix-up shows.
    return {.monotonic_ns = (1'000 + seconds) * base::kNsPerS,
            .wall_ns = (1'700'000'000 + seconds) * base::kNsPerS};
}

} // namespace tandem::controlplane
