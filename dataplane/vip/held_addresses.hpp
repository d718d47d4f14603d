// SPDX-License-Identifier: Apache-2.0
//
// Which addresses this node answers for, and on which port: the unique address of each port, and
// the VIP (sip-address) on the port in whose subnet it lies. One node is primary for ever, so the
// set is fixed at start; the worker asks it for each packet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/endpoint.hpp"
#include "config/configuration.hpp"

namespace tandem::dataplane::vip {

// The unique address and the VIP.
constexpr std::size_t kHeldMax = 2;

class HeldAddresses {
  public:
    // Nothing happens when the address is held already. More than kHeldMax is a bug of the caller.
    void add(base::Ipv4Address address) noexcept;

    [[nodiscard]] bool contains(base::Ipv4Address address) const noexcept;

    [[nodiscard]] std::span<const base::Ipv4Address> addresses() const noexcept {
        return {addresses_.data(), count_};
    }

  private:
    std::array<base::Ipv4Address, kHeldMax> addresses_{};
    std::size_t count_ = 0;
};

// Of port `port` of the configuration. A VIP that lies in no port's subnet belongs to the first
// port: somebody routes it to us.
[[nodiscard]] HeldAddresses held_addresses(const config::Configuration& configuration,
                                           std::size_t port) noexcept;

} // namespace tandem::dataplane::vip
