// SPDX-License-Identifier: Apache-2.0
//
// Stage send-udp: checks the flow, chooses the port and makes the UDP header with its checksum,
// which is always computed. The payload is not copied here. Runs on the worker.
#include "dataplane/egress/udp.hpp"

#include <netinet/in.h>
#include <rte_byteorder.h>
#include <rte_ip.h>
#include <rte_udp.h>

#include "dataplane/egress/ip4.hpp"

namespace tandem::dataplane::egress {

namespace {

using shm::CounterId;

constexpr std::size_t kUdpPayloadBytesMax = 65'535 - sizeof(rte_ipv4_hdr) - sizeof(rte_udp_hdr);

// The port the request came by if it holds the address, else the one that does; nullptr: none.
PortState* port_for(WorkerState& state, const transaction::Flow& flow) noexcept {
    if (flow.local.port != state.sip_port) {
        return nullptr;
    }
    if (flow.port < state.ports.size() &&
        state.ports[flow.port]->held.contains(flow.local.address)) {
        return state.ports[flow.port];
    }
    for (PortState* const port : state.ports) {
        if (port->held.contains(flow.local.address)) {
            return port;
        }
    }
    return nullptr;
}

bool is_destination_possible(const WorkerState& state, const base::Endpoint& remote) noexcept {
    const std::uint32_t first = remote.address.value >> 24U;
    if (remote.port == 0 || first == 0 || first == 127 || first >= 224) {
        return false;
    }
    for (const PortState* const port : state.ports) {
        if (port->held.contains(remote.address)) {
            return false; // we do not call ourselves
        }
    }
    return true;
}

struct PseudoHeader {
    rte_be32_t source;
    rte_be32_t destination;
    std::uint8_t zero;
    std::uint8_t protocol;
    rte_be16_t bytes;
};

static_assert(sizeof(PseudoHeader) == 12);

// RFC 768: 0 would mean "none", so it is sent as all ones.
rte_be16_t
checksum(const transaction::Flow& flow, const rte_udp_hdr& udp, std::string_view payload) noexcept {
    const PseudoHeader pseudo = {.source = rte_cpu_to_be_32(flow.local.address.value),
                                 .destination = rte_cpu_to_be_32(flow.remote.address.value),
                                 .zero = 0,
                                 .protocol = IPPROTO_UDP,
                                 .bytes = udp.dgram_len};
    std::uint32_t sum = rte_raw_cksum(&pseudo, sizeof(pseudo));
    sum += rte_raw_cksum(&udp, sizeof(udp));
    sum += rte_raw_cksum(payload.data(), payload.size());
    sum = (sum & 0xffffU) + (sum >> 16U);
    sum = (sum & 0xffffU) + (sum >> 16U);
    const auto inverted = static_cast<std::uint16_t>(~sum);
    return inverted == 0 ? std::uint16_t{0xffff} : inverted;
}

} // namespace

bool udp_send(WorkerState& state,
              const transaction::Flow& flow,
              std::string_view payload) noexcept {
    if (state.trace.current() != 0) [[unlikely]] {
        state.trace.sent(StageId::SendUdp, flow, payload);
    }
    PortState* const port = port_for(state, flow);
    if (port == nullptr) {
        count(state, CounterId::SendSourceNotOurs);
        return false;
    }
    if (!is_destination_possible(state, flow.remote)) {
        count(state, CounterId::SendDestinationInvalid);
        return false;
    }
    if (payload.size() > kUdpPayloadBytesMax) {
        count(state, CounterId::SendTooLong);
        return false;
    }
    rte_udp_hdr udp = {
        .src_port = rte_cpu_to_be_16(flow.local.port),
        .dst_port = rte_cpu_to_be_16(flow.remote.port),
        .dgram_len =
            rte_cpu_to_be_16(static_cast<std::uint16_t>(sizeof(rte_udp_hdr) + payload.size())),
        .dgram_cksum = 0,
    };
    udp.dgram_cksum = checksum(flow, udp, payload);
    const void* const header = &udp;
    return ip4_send(state,
                    *port,
                    {.source = flow.local.address,
                     .destination = flow.remote.address,
                     .protocol = IPPROTO_UDP,
                     .header = {static_cast<const char*>(header), sizeof(udp)},
                     .payload = payload});
}

} // namespace tandem::dataplane::egress
