// SPDX-License-Identifier: Apache-2.0
//
// What the stages know of a port: frames in and frames out. Production has DPDK ethdevs behind it
// (port/ethdev_port.cpp), tests have memory. Called by the worker only; neither call may block.
#pragma once

#include <cstdint>
#include <span>

struct rte_mbuf;

namespace tandem::dataplane::port {

class PortIo {
  public:
    virtual ~PortIo() = default;

    // Fills the front of `out` and returns how many; the caller owns the packets.
    [[nodiscard]] virtual std::uint16_t rx_burst(std::span<rte_mbuf*> out) noexcept = 0;
    // Takes packets from the front and returns how many; the caller keeps the others.
    [[nodiscard]] virtual std::uint16_t tx_burst(std::span<rte_mbuf*> packets) noexcept = 0;

  protected:
    PortIo() = default;
    PortIo(const PortIo&) = default;
    PortIo(PortIo&&) = default;
    PortIo& operator=(const PortIo&) = default;
    PortIo& operator=(PortIo&&) = default;
};

} // namespace tandem::dataplane::port
