// SPDX-License-Identifier: Apache-2.0
//
// A port that is a DPDK ethdev: found, configured with one queue in each direction, started. The
// cold thread opens, asks and closes it; the worker calls the two bursts and nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "dataplane/port/port_io.hpp"
#include "ha/arp.hpp"

struct rte_mempool;

namespace tandem::dataplane::port {

// What the driver itself counted.
struct DriverCounters {
    std::uint64_t rx_missed = 0;    // frames the device had no room for
    std::uint64_t rx_errors = 0;    // frames the device found broken
    std::uint64_t rx_no_buffer = 0; // frames for which the pool was empty
    std::uint64_t tx_errors = 0;
};

class EthdevPort final : public PortIo {
  public:
    // EAL must be up. The error is one sentence that names the port.
    [[nodiscard]] static base::Result<std::unique_ptr<EthdevPort>, std::string>
    open(const config::Port& port, rte_mempool& pool);

    EthdevPort(const EthdevPort&) = delete;
    EthdevPort& operator=(const EthdevPort&) = delete;
    // Stops and closes the device. The worker must have ended.
    ~EthdevPort() override;

    [[nodiscard]] std::uint16_t rx_burst(std::span<rte_mbuf*> out) noexcept override;
    [[nodiscard]] std::uint16_t tx_burst(std::span<rte_mbuf*> packets) noexcept override;

    [[nodiscard]] const ha::MacAddress& mac() const noexcept { return mac_; }

    // Longest IP packet the device takes, at most as configured.
    [[nodiscard]] std::uint32_t mtu() const noexcept { return mtu_; }

    // Cold thread.
    [[nodiscard]] DriverCounters driver_counters() const noexcept;
    // As the driver sees it; meaningless for af_packet, which always says up (port/carrier.hpp).
    [[nodiscard]] bool is_link_up() const noexcept;

  private:
    explicit EthdevPort(std::uint16_t id) noexcept : id_(id) {}

    [[nodiscard]] std::string configure(const config::Port& port, rte_mempool& pool);
    [[nodiscard]] std::string choose_mac(const config::Port& port);
    void choose_mtu(const config::Port& port);

    std::uint16_t id_;
    ha::MacAddress mac_ = ha::kZeroMac;
    std::uint32_t mtu_ = 1'500;
};

} // namespace tandem::dataplane::port
