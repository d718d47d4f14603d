// SPDX-License-Identifier: Apache-2.0
//
// Stage ether: drops what is not for us. Ports deliver foreign MACs (veth, promiscuous NICs) and
// af_packet also what the local kernel sends there, hence the check of our own source MAC. IPv4
// must be addressed to our MAC: a unicast packet in a broadcast frame is refused (RFC 1122 3.3.6).
// Runs on the worker.
#include "dataplane/ingress/ether.hpp"

#include <algorithm>
#include <rte_byteorder.h>
#include <rte_ether.h>

#include "dataplane/ingress/arp.hpp"
#include "dataplane/ingress/ip4.hpp"

namespace tandem::dataplane::ingress {

namespace {

enum class Next : std::uint8_t { Arp, Ip4, Dropped };

Next refuse(WorkerState& state, rte_mbuf* packet, shm::CounterId reason) noexcept {
    drop(state, packet, reason);
    return Next::Dropped;
}

bool is_equal(const rte_ether_addr& left, const ha::MacAddress& right) noexcept {
    return std::equal(right.begin(), right.end(), left.addr_bytes);
}

Next ether_next(WorkerState& state, rte_mbuf* packet) noexcept {
    if (packet->nb_segs != 1) {
        return refuse(state, packet, shm::CounterId::FrameSegmented);
    }
    if (rte_pktmbuf_data_len(packet) < sizeof(rte_ether_hdr)) {
        return refuse(state, packet, shm::CounterId::FrameTooShort);
    }
    const auto& header = header_at<rte_ether_hdr>(packet, 0);
    const PortState& port = port_of(state, packet);
    if (is_equal(header.src_addr, port.mac)) {
        return refuse(state, packet, shm::CounterId::EtherOwnSource);
    }
    const bool to_us = is_equal(header.dst_addr, port.mac);
    const bool to_all = is_equal(header.dst_addr, ha::kBroadcastMac);
    fields_of(packet).network_offset = sizeof(rte_ether_hdr);
    switch (rte_be_to_cpu_16(header.ether_type)) {
    case RTE_ETHER_TYPE_ARP:
        return to_us || to_all ? Next::Arp : refuse(state, packet, shm::CounterId::EtherNotOurs);
    case RTE_ETHER_TYPE_IPV4:
        return to_us ? Next::Ip4 : refuse(state, packet, shm::CounterId::EtherNotOurs);
    case RTE_ETHER_TYPE_VLAN:
    case RTE_ETHER_TYPE_QINQ:
        return refuse(state, packet, shm::CounterId::EtherVlanUnknown);
    default:
        return refuse(state, packet, shm::CounterId::EtherTypeUnknown);
    }
}

} // namespace

void ether_enter(WorkerState& state, rte_mbuf* packet) noexcept {
    state.ether.push(packet);
}

void ether_run(WorkerState& state) noexcept {
    for (rte_mbuf* const packet : state.ether.packets()) {
        visit(state, packet, StageId::Ether);
        const Next next = ether_next(state, packet);
        if (next == Next::Arp) {
            arp_enter(state, packet);
        } else if (next == Next::Ip4) {
            ip4_enter(state, packet);
        }
    }
    state.ether.clear();
}

} // namespace tandem::dataplane::ingress
