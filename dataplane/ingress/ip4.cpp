// SPDX-License-Identifier: Apache-2.0
//
// Stage ip4: RFC 791 and RFC 1122 3.2.1 as far as a host that talks SIP needs them. Checks come
// before use: version, lengths, checksum, then addresses. Options are refused, because a source
// route must not be followed and no station of a SIP network sends others. Runs on the worker.
#include "dataplane/ingress/ip4.hpp"

#include <netinet/in.h>
#include <optional>
#include <rte_byteorder.h>
#include <rte_ip.h>

#include "dataplane/ingress/icmp.hpp"
#include "dataplane/ingress/udp.hpp"

namespace tandem::dataplane::ingress {

namespace {

using shm::CounterId;

enum class Next : std::uint8_t { Udp, Icmp, Dropped };

Next refuse(WorkerState& state, rte_mbuf* packet, CounterId reason) noexcept {
    drop(state, packet, reason);
    return Next::Dropped;
}

// Sources a host cannot have (RFC 1122 3.2.1.3): this network, loopback, multicast, reserved and
// broadcast, and the broadcast address of the port's own subnet.
bool is_source_possible(const ha::Subnet& subnet, base::Ipv4Address source) noexcept {
    const std::uint32_t first = source.value >> 24U;
    if (first == 0 || first == 127 || first >= 224) {
        return false;
    }
    if (subnet.prefix_length >= 31 || !subnet.contains(source)) {
        return true;
    }
    const std::uint32_t host_mask = ~std::uint32_t{0} >> subnet.prefix_length;
    return (source.value & host_mask) != host_mask;
}

// What is wrong with the header itself; cuts off what follows the IPv4 packet (Ethernet padding).
std::optional<CounterId> fault_of(rte_mbuf* packet, std::size_t offset) noexcept {
    constexpr std::uint8_t kVersion4 = 4;
    constexpr std::uint8_t kWordsWithoutOptions = sizeof(rte_ipv4_hdr) / 4;
    const std::size_t available = rte_pktmbuf_data_len(packet) - offset;
    if (available < sizeof(rte_ipv4_hdr)) {
        return CounterId::FrameTooShort;
    }
    const auto& header = header_at<rte_ipv4_hdr>(packet, offset);
    const unsigned words = header.version_ihl & 0x0fU;
    const std::size_t total = rte_be_to_cpu_16(header.total_length);
    if (header.version_ihl >> 4U != kVersion4 || words < kWordsWithoutOptions ||
        total < words * std::size_t{4}) {
        return CounterId::IpHeaderMalformed;
    }
    if (total > available) {
        return CounterId::IpTruncated;
    }
    if (words != kWordsWithoutOptions) {
        return CounterId::IpOptions;
    }
    if (rte_raw_cksum(&header, sizeof(header)) != 0xffff) {
        return CounterId::IpBadChecksum;
    }
    rte_pktmbuf_trim(packet, static_cast<std::uint16_t>(available - total));
    return std::nullopt;
}

Next ip4_next(WorkerState& state, rte_mbuf* packet) noexcept {
    constexpr std::uint16_t kMoreFragmentsAndOffset = 0x3fff;
    PacketFields& fields = fields_of(packet);
    if (const auto fault = fault_of(packet, fields.network_offset)) {
        return refuse(state, packet, *fault);
    }
    const auto& header = header_at<rte_ipv4_hdr>(packet, fields.network_offset);
    const PortState& port = port_of(state, packet);
    fields.source.address = {rte_be_to_cpu_32(header.src_addr)};
    fields.destination.address = {rte_be_to_cpu_32(header.dst_addr)};
    fields.transport_offset =
        static_cast<std::uint16_t>(fields.network_offset + sizeof(rte_ipv4_hdr));
    if (!port.held.contains(fields.destination.address)) {
        return refuse(state, packet, CounterId::IpNotOurs);
    }
    if (!is_source_possible(port.neighbours.subnet(), fields.source.address) ||
        port.held.contains(fields.source.address)) {
        return refuse(state, packet, CounterId::IpSourceInvalid);
    }
    if ((rte_be_to_cpu_16(header.fragment_offset) & kMoreFragmentsAndOffset) != 0) {
        return refuse(state, packet, CounterId::IpFragment);
    }
    switch (header.next_proto_id) {
    case IPPROTO_UDP:
        return Next::Udp;
    case IPPROTO_ICMP:
        return Next::Icmp;
    default:
        return refuse(state, packet, CounterId::IpProtocolUnknown);
    }
}

} // namespace

void ip4_enter(WorkerState& state, rte_mbuf* packet) noexcept {
    state.ip4.push(packet);
}

void ip4_run(WorkerState& state) noexcept {
    for (rte_mbuf* const packet : state.ip4.packets()) {
        visit(state, packet, StageId::Ip4);
        const Next next = ip4_next(state, packet);
        if (next == Next::Udp) {
            udp_enter(state, packet);
        } else if (next == Next::Icmp) {
            icmp_enter(state, packet);
        }
    }
    state.ip4.clear();
}

} // namespace tandem::dataplane::ingress
