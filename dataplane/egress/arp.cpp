// SPDX-License-Identifier: Apache-2.0
//
// From decisions of ha/ to frames in packets. Runs on the worker.
#include "dataplane/egress/arp.hpp"

#include <algorithm>
#include <bit>
#include <rte_byteorder.h>
#include <rte_ether.h>

#include "dataplane/port/tx.hpp"
#include "transaction/layer.hpp"

namespace tandem::dataplane::egress {

using shm::CounterId;

bool arp_send(WorkerState& state, PortState& port, const ha::ArpFrame& frame) noexcept {
    rte_mbuf* const packet = rte_pktmbuf_alloc(state.pool);
    if (packet == nullptr) {
        count(state, CounterId::PoolFullFrames);
        return false;
    }
    fields_of(packet) = PacketFields{.trace = state.trace.current()};
    void* const out = rte_pktmbuf_append(packet, ha::kArpFrameBytes);
    TANDEM_ASSERT(out != nullptr);
    std::copy(frame.begin(), frame.end(), static_cast<std::uint8_t*>(out));
    port::tx_enter(state, port, packet);
    return true;
}

void write_ether_header(const PortState& port,
                        rte_mbuf* packet,
                        const ha::MacAddress& destination) noexcept {
    auto& ether = header_at<rte_ether_hdr>(packet, 0);
    std::copy(destination.begin(), destination.end(), ether.dst_addr.addr_bytes);
    std::copy(port.mac.begin(), port.mac.end(), ether.src_addr.addr_bytes);
    ether.ether_type = rte_cpu_to_be_16(RTE_ETHER_TYPE_IPV4);
}

void neighbours_flush(WorkerState& state, PortState& port) noexcept {
    while (const ha::ArpFrame* const question = port.neighbours.take_question()) {
        if (arp_send(state, port, *question)) {
            count(state, CounterId::ArpRequestsSent);
        }
    }
    const shm::TraceNumber at_hand = state.trace.current();
    while (const auto released = port.neighbours.take_released()) {
        auto* const packet = std::bit_cast<rte_mbuf*>(released->token);
        take_up(state, packet);
        if (released->send) {
            write_ether_header(port, packet, released->mac);
            port::tx_enter(state, port, packet);
        } else {
            count(state, CounterId::NeighbourUnresolved);
            // A fragment has no payload here: a request that long ends by its timer.
            state.layer->undelivered(payload_of(packet), state.now);
            rte_pktmbuf_free(packet);
        }
    }
    if (state.trace.is_on()) [[unlikely]] {
        state.trace.enter(at_hand);
    }
}

void announce_due(WorkerState& state, PortState& port) noexcept {
    while (const ha::ArpFrame* const frame =
               port.announcement.next_due(port.held.addresses(), state.now)) {
        if (arp_send(state, port, *frame)) {
            count(state, CounterId::ArpAnnouncementsSent);
        }
    }
}

} // namespace tandem::dataplane::egress
