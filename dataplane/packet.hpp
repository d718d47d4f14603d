// SPDX-License-Identifier: Apache-2.0
//
// A packet on its way through the stages: the driver's mbuf, never copied, and what the stages
// found out about it, kept in the mbuf's private area. A stage owns the packets of its batch until
// it gives them to the next stage or drops them. Used by the worker only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <rte_mbuf.h>
#include <span>

#include "base/assert.hpp"
#include "base/endpoint.hpp"

namespace tandem::dataplane {

// A driver's burst; af_packet and NICs do not gain from more.
constexpr std::uint16_t kRxBurst = 32;
constexpr std::uint16_t kPortsMax = 8;
// A stage's batch holds one burst of every port, so that no stage can overflow the next.
constexpr std::uint16_t kIngressBatch = kRxBurst * kPortsMax;
// Frames that leave between two calls of the driver.
constexpr std::uint16_t kTxBatch = 64;

struct PacketFields {
    base::Endpoint source{};
    base::Endpoint destination{};
    std::uint16_t port = 0;           // index in WorkerState::ports
    std::uint16_t network_offset = 0; // of the IPv4 header
    std::uint16_t transport_offset = 0;
    std::uint16_t payload_offset = 0; // of the UDP payload
    std::uint16_t payload_bytes = 0;
    std::uint16_t trace = 0; // shm::TraceNumber; 0: it is not followed
};

// Size of the private area of our mbufs (port/packet_pool.cpp); a multiple of RTE_MBUF_PRIV_ALIGN.
constexpr std::uint16_t kPacketPrivateBytes = 64;
static_assert(sizeof(PacketFields) <= kPacketPrivateBytes);
static_assert(kPacketPrivateBytes % RTE_MBUF_PRIV_ALIGN == 0);

inline PacketFields& fields_of(rte_mbuf* packet) noexcept {
    return *static_cast<PacketFields*>(rte_mbuf_to_priv(packet));
}

// The bytes of the (first and only) segment.
inline std::span<std::uint8_t> bytes_of(rte_mbuf* packet) noexcept {
    return {rte_pktmbuf_mtod(packet, std::uint8_t*), rte_pktmbuf_data_len(packet)};
}

// A header of the packet at an offset that was checked before. T is packed or of bytes.
template <typename T>
T& header_at(rte_mbuf* packet, std::size_t offset) noexcept {
    void* const at = rte_pktmbuf_mtod_offset(packet, std::uint8_t*, offset);
    return *static_cast<T*>(at);
}

// Packets in the order they arrived.
template <std::uint16_t Capacity>
class Batch {
  public:
    void push(rte_mbuf* packet) noexcept {
        TANDEM_ASSERT(count_ < Capacity);
        packets_[count_++] = packet;
    }

    [[nodiscard]] std::span<rte_mbuf*> packets() noexcept { return {packets_.data(), count_}; }

    void clear() noexcept { count_ = 0; }

    [[nodiscard]] bool is_full() const noexcept { return count_ == Capacity; }

  private:
    std::array<rte_mbuf*, Capacity> packets_{};
    std::uint16_t count_ = 0;
};

using IngressBatch = Batch<kIngressBatch>;

} // namespace tandem::dataplane
