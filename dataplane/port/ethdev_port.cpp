// SPDX-License-Identifier: Apache-2.0
//
// Opening an ethdev, step by step, each failure with a sentence; and its two bursts. No offload is
// asked for: checksums are verified and made in software, on every kind of port alike.
#include "dataplane/port/ethdev_port.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <rte_errno.h>
#include <rte_ethdev.h>

#include "dataplane/port/device.hpp"

namespace tandem::dataplane::port {

namespace {

constexpr std::uint16_t kQueue = 0;

std::string failed(const config::Port& port, const char* step, int error) {
    return fmt::format(
        "port {}: cannot {} {}: {}", port.name, step, device_name(port), rte_strerror(-error));
}

} // namespace

base::Result<std::unique_ptr<EthdevPort>, std::string> EthdevPort::open(const config::Port& port,
                                                                        rte_mempool& pool) {
    std::uint16_t id = 0;
    if (rte_eth_dev_get_port_by_name(device_name(port).c_str(), &id) != 0) {
        return base::Error{
            fmt::format("port {}: DPDK found no device {}", port.name, device_name(port))};
    }
    // Not make_unique: the constructor is private.
    std::unique_ptr<EthdevPort> opened(new EthdevPort(id));
    if (std::string problem = opened->configure(port, pool); !problem.empty()) {
        return base::Error{std::move(problem)};
    }
    return opened;
}

std::string EthdevPort::configure(const config::Port& port, rte_mempool& pool) {
    const rte_eth_conf conf = {};
    if (const int error = rte_eth_dev_configure(id_, 1, 1, &conf); error != 0) {
        return failed(port, "configure", error);
    }
    const auto socket = static_cast<unsigned>(rte_eth_dev_socket_id(id_));
    auto rx = static_cast<std::uint16_t>(port.rx_descriptors);
    auto tx = static_cast<std::uint16_t>(port.tx_descriptors);
    if (const int error = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &rx, &tx); error != 0) {
        return failed(port, "size the queues of", error);
    }
    if (const int error = rte_eth_rx_queue_setup(id_, kQueue, rx, socket, nullptr, &pool);
        error != 0) {
        return failed(port, "set up the receive queue of", error);
    }
    if (const int error = rte_eth_tx_queue_setup(id_, kQueue, tx, socket, nullptr); error != 0) {
        return failed(port, "set up the transmit queue of", error);
    }
    if (std::string problem = choose_mac(port); !problem.empty()) {
        return problem;
    }
    choose_mtu(port);
    if (const int error = rte_eth_dev_start(id_); error != 0) {
        return failed(port, "start", error);
    }
    return {};
}

std::string EthdevPort::choose_mac(const config::Port& port) {
    rte_ether_addr address{};
    if (port.mac) {
        std::copy(port.mac->begin(), port.mac->end(), address.addr_bytes);
        if (const int error = rte_eth_dev_default_mac_addr_set(id_, &address); error != 0) {
            return failed(port, "set the MAC address of", error);
        }
    }
    if (const int error = rte_eth_macaddr_get(id_, &address); error != 0) {
        return failed(port, "read the MAC address of", error);
    }
    std::copy_n(address.addr_bytes, mac_.size(), mac_.begin());
    return {};
}

// A device that cannot change its MTU keeps it; we then send no longer packets than it takes.
void EthdevPort::choose_mtu(const config::Port& port) {
    std::uint16_t device_mtu = 0;
    mtu_ = port.mtu;
    if (rte_eth_dev_get_mtu(id_, &device_mtu) != 0 || device_mtu == mtu_) {
        return;
    }
    if (!port.is_vdev && rte_eth_dev_set_mtu(id_, static_cast<std::uint16_t>(mtu_)) == 0) {
        return;
    }
    mtu_ = std::min<std::uint32_t>(mtu_, device_mtu);
}

EthdevPort::~EthdevPort() {
    (void)rte_eth_dev_stop(id_);
    (void)rte_eth_dev_close(id_);
}

std::uint16_t EthdevPort::rx_burst(std::span<rte_mbuf*> out) noexcept {
    return rte_eth_rx_burst(id_, kQueue, out.data(), static_cast<std::uint16_t>(out.size()));
}

std::uint16_t EthdevPort::tx_burst(std::span<rte_mbuf*> packets) noexcept {
    return rte_eth_tx_burst(
        id_, kQueue, packets.data(), static_cast<std::uint16_t>(packets.size()));
}

DriverCounters EthdevPort::driver_counters() const noexcept {
    rte_eth_stats stats{};
    if (rte_eth_stats_get(id_, &stats) != 0) {
        return {};
    }
    return {.rx_missed = stats.imissed,
            .rx_errors = stats.ierrors,
            .rx_no_buffer = stats.rx_nombuf,
            .tx_errors = stats.oerrors};
}

bool EthdevPort::is_link_up() const noexcept {
    rte_eth_link link{};
    return rte_eth_link_get_nowait(id_, &link) == 0 && link.link_status == RTE_ETH_LINK_UP;
}

} // namespace tandem::dataplane::port
