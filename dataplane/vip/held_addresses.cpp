// SPDX-License-Identifier: Apache-2.0
//
// Computes the held addresses of a port from the configuration, once at start; afterwards only
// look-ups by the worker.
#include "dataplane/vip/held_addresses.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "ha/neighbour.hpp"

namespace tandem::dataplane::vip {

namespace {

bool subnet_contains(const config::Port& port, base::Ipv4Address address) noexcept {
    const ha::Subnet subnet = {
        .address = port.address, .prefix_length = port.prefix_length, .gateway = port.gateway};
    return subnet.contains(address);
}

std::size_t vip_port(const config::Configuration& configuration) noexcept {
    const base::Ipv4Address vip = configuration.application.sip_address;
    for (std::size_t i = 0; i < configuration.ports.size(); ++i) {
        if (subnet_contains(configuration.ports[i], vip)) {
            return i;
        }
    }
    return 0;
}

} // namespace

void HeldAddresses::add(base::Ipv4Address address) noexcept {
    if (contains(address)) {
        return;
    }
    TANDEM_ASSERT(count_ < kHeldMax);
    addresses_[count_++] = address;
}

bool HeldAddresses::contains(base::Ipv4Address address) const noexcept {
    const auto held = addresses();
    return std::find(held.begin(), held.end(), address) != held.end();
}

HeldAddresses held_addresses(const config::Configuration& configuration,
                             std::size_t port) noexcept {
    HeldAddresses held;
    held.add(configuration.ports[port].address);
    if (vip_port(configuration) == port) {
        held.add(configuration.application.sip_address);
    }
    return held;
}

} // namespace tandem::dataplane::vip
