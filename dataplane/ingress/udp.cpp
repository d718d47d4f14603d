// SPDX-License-Identifier: Apache-2.0
//
// Stage udp: RFC 768 checks, in software, because not every port verifies checksums. A checksum of
// 0 means that the sender made none. What is not for sip-port is dropped without an ICMP answer, so
// that a scan learns nothing. Runs on the worker.
#include "dataplane/ingress/udp.hpp"

#include <optional>
#include <rte_byteorder.h>
#include <rte_ip.h>
#include <rte_udp.h>

#include "dataplane/screen/screen.hpp"

namespace tandem::dataplane::ingress {

namespace {

using shm::CounterId;

// Header, payload and pseudo header add up to all ones (RFC 768, RFC 1071).
bool is_checksum_right(const rte_ipv4_hdr& ip, const rte_udp_hdr& udp, std::size_t bytes) noexcept {
    std::uint32_t sum = rte_ipv4_phdr_cksum(&ip, 0);
    sum += rte_raw_cksum(&udp, bytes);
    return (sum & 0xffffU) + (sum >> 16U) == 0xffffU;
}

std::optional<CounterId> fault_of(const WorkerState& state, rte_mbuf* packet) noexcept {
    PacketFields& fields = fields_of(packet);
    const std::size_t available = rte_pktmbuf_data_len(packet) - fields.transport_offset;
    if (available < sizeof(rte_udp_hdr)) {
        return CounterId::UdpLength;
    }
    const auto& udp = header_at<rte_udp_hdr>(packet, fields.transport_offset);
    const std::size_t bytes = rte_be_to_cpu_16(udp.dgram_len);
    // Bytes between the end of the datagram and that of the packet could be read in two ways.
    if (bytes != available) {
        return CounterId::UdpLength;
    }
    const auto& ip = header_at<rte_ipv4_hdr>(packet, fields.network_offset);
    if (udp.dgram_cksum != 0 && !is_checksum_right(ip, udp, bytes)) {
        return CounterId::UdpBadChecksum;
    }
    if (rte_be_to_cpu_16(udp.dst_port) != state.sip_port) {
        return CounterId::UdpPortClosed;
    }
    if (udp.src_port == 0) {
        return CounterId::UdpSourcePortZero;
    }
    fields.source.port = rte_be_to_cpu_16(udp.src_port);
    fields.destination.port = rte_be_to_cpu_16(udp.dst_port);
    fields.payload_offset =
        static_cast<std::uint16_t>(fields.transport_offset + sizeof(rte_udp_hdr));
    fields.payload_bytes = static_cast<std::uint16_t>(bytes - sizeof(rte_udp_hdr));
    return std::nullopt;
}

} // namespace

void udp_enter(WorkerState& state, rte_mbuf* packet) noexcept {
    state.udp.push(packet);
}

void udp_run(WorkerState& state) noexcept {
    for (rte_mbuf* const packet : state.udp.packets()) {
        visit(state, packet, StageId::Udp);
        if (const auto fault = fault_of(state, packet)) {
            drop(state, packet, *fault);
        } else {
            screen::screen_enter(state, packet);
        }
    }
    state.udp.clear();
}

} // namespace tandem::dataplane::ingress
