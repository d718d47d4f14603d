// SPDX-License-Identifier: Apache-2.0
//
// The one pool of packet buffers of a worker: how large it must be, named consumer by consumer, and
// its creation. Called by the cold thread at start.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dataplane/packet.hpp"
#include "ha/neighbour.hpp"

struct rte_mempool;

namespace tandem::dataplane::port {

// A frame of an af_packet ring of frame size 16,384 fits in one buffer, so that a datagram which
// the kernel joined from fragments is never cut.
constexpr std::uint16_t kPacketDataBytes = 16'384;

// Buffers that may be in use at once, by consumer.
struct PoolConsumers {
    std::uint32_t ports = 1;
    std::uint32_t rx_descriptors = 0; // of all ports: lent to the drivers
    std::uint32_t tx_descriptors = 0; // of all ports: sent and not given back yet
};

constexpr std::uint32_t kPoolCache = 128; // per thread
// A datagram of 64 KiB in fragments of the smallest MTU, before its frames are handed over.
constexpr std::uint32_t kFragmentsInFlight = 128;

[[nodiscard]] constexpr std::uint32_t packets_needed(const PoolConsumers& consumers) noexcept {
    const std::uint32_t per_port = kRxBurst + kTxBatch + ha::kPendingMax + kFragmentsInFlight;
    return consumers.rx_descriptors + consumers.tx_descriptors + consumers.ports * per_port +
           2 * kPoolCache;
}

[[nodiscard]] std::size_t pool_bytes(std::uint32_t packets) noexcept;

// nullptr: no memory (rte_errno). EAL must be up. Never freed: it lives as long as the process.
[[nodiscard]] rte_mempool* create_packet_pool(const char* name, std::uint32_t packets) noexcept;

} // namespace tandem::dataplane::port
