// SPDX-License-Identifier: Apache-2.0
//
// Stage icmp: answers an echo request (RFC 792, RFC 1122 3.2.2.6) by turning the same packet
// round: addresses are swapped, the checksum is mended, and it goes back to the station that sent
// the frame. Everything else is dropped. Runs on the worker.
#include "dataplane/ingress/icmp.hpp"

#include <algorithm>
#include <rte_byteorder.h>
#include <rte_ether.h>
#include <rte_icmp.h>
#include <rte_ip.h>

#include "dataplane/port/tx.hpp"

namespace tandem::dataplane::ingress {

namespace {

using shm::CounterId;

constexpr std::uint8_t kTtl = 64;

void turn_round(PortState& port, rte_mbuf* packet) noexcept {
    auto& ether = header_at<rte_ether_hdr>(packet, 0);
    ether.dst_addr = ether.src_addr;
    std::copy(port.mac.begin(), port.mac.end(), ether.src_addr.addr_bytes);

    const PacketFields& fields = fields_of(packet);
    auto& ip = header_at<rte_ipv4_hdr>(packet, fields.network_offset);
    const rte_be32_t asked = ip.dst_addr;
    ip.dst_addr = ip.src_addr;
    ip.src_addr = asked;
    ip.time_to_live = kTtl;
    ip.hdr_checksum = 0;
    ip.hdr_checksum = rte_ipv4_cksum(&ip);

    auto& icmp = header_at<rte_icmp_hdr>(packet, fields.transport_offset);
    icmp.icmp_type = RTE_IP_ICMP_ECHO_REPLY;
    icmp.icmp_cksum = 0;
    const auto message = bytes_of(packet).subspan(fields.transport_offset);
    icmp.icmp_cksum = static_cast<std::uint16_t>(~rte_raw_cksum(message.data(), message.size()));
}

void answer(WorkerState& state, rte_mbuf* packet) noexcept {
    const auto message = bytes_of(packet).subspan(fields_of(packet).transport_offset);
    if (message.size() < sizeof(rte_icmp_hdr) ||
        rte_raw_cksum(message.data(), message.size()) != 0xffff) {
        drop(state, packet, CounterId::IcmpMalformed);
        return;
    }
    const auto& icmp = header_at<rte_icmp_hdr>(packet, fields_of(packet).transport_offset);
    if (icmp.icmp_type != RTE_IP_ICMP_ECHO_REQUEST || icmp.icmp_code != 0) {
        drop(state, packet, CounterId::IcmpTypeUnknown);
        return;
    }
    PortState& port = port_of(state, packet);
    // The kernel of an af_packet port joins fragments; what is longer than the MTU cannot go back.
    if (message.size() + sizeof(rte_ipv4_hdr) > port.mtu) {
        drop(state, packet, CounterId::FrameTooLong);
        return;
    }
    turn_round(port, packet);
    count(state, CounterId::IcmpEchoAnswered);
    port::tx_enter(state, port, packet);
}

} // namespace

void icmp_enter(WorkerState& state, rte_mbuf* packet) noexcept {
    state.icmp.push(packet);
}

void icmp_run(WorkerState& state) noexcept {
    for (rte_mbuf* const packet : state.icmp.packets()) {
        visit(state, packet, StageId::Icmp);
        answer(state, packet);
    }
    state.icmp.clear();
}

} // namespace tandem::dataplane::ingress
