// SPDX-License-Identifier: Apache-2.0
//
// Stage send-ip4: the one place where the bytes of a message are copied on their way out, from
// where the transaction keeps them into fresh packets. Fragments are made here (RFC 791), because a
// port that is given a longer frame than its MTU may lose it without a word. Runs on the worker.
#include "dataplane/egress/ip4.hpp"

#include <algorithm>
#include <array>
#include <rte_byteorder.h>
#include <rte_ether.h>
#include <rte_ip.h>

#include "dataplane/egress/ether.hpp"

namespace tandem::dataplane::egress {

namespace {

using shm::CounterId;

constexpr std::uint8_t kTtl = 64;
constexpr std::size_t kFragmentUnitBytes = 8;
constexpr std::size_t kDatagramBytesMax = 65'535;
// The smallest MTU a configuration may name is 576 (RFC 791).
constexpr std::size_t kMtuMin = 576;
constexpr std::size_t kFragmentsMax =
    kDatagramBytesMax /
        ((kMtuMin - sizeof(rte_ipv4_hdr)) / kFragmentUnitBytes * kFragmentUnitBytes) +
    1;

// A part of the datagram: `bytes` from `offset`, counted from the transport header.
struct Fragment {
    std::size_t offset = 0;
    std::size_t bytes = 0;
    bool is_last = true;
    bool is_whole = true;
};

void copy_part(const Ip4Datagram& datagram, const Fragment& fragment, char* out) noexcept {
    std::size_t at = fragment.offset;
    std::size_t left = fragment.bytes;
    if (at < datagram.header.size()) {
        const std::size_t bytes = std::min(left, datagram.header.size() - at);
        out = std::copy_n(datagram.header.data() + at, bytes, out);
        at += bytes;
        left -= bytes;
    }
    std::copy_n(datagram.payload.data() + (at - datagram.header.size()), left, out);
}

void fill(WorkerState& state,
          PortState& port,
          const Ip4Datagram& datagram,
          const Fragment& fragment,
          rte_mbuf* packet) noexcept {
    const std::size_t total = sizeof(rte_ipv4_hdr) + fragment.bytes;
    void* const begin =
        rte_pktmbuf_append(packet, static_cast<std::uint16_t>(sizeof(rte_ether_hdr) + total));
    TANDEM_ASSERT(begin != nullptr); // the pool's buffers are larger than any MTU
    fields_of(packet) =
        PacketFields{.network_offset = sizeof(rte_ether_hdr), .trace = state.trace.current()};
    if (fragment.is_whole) { // for a neighbour that turns out to be absent
        fields_of(packet).payload_offset = static_cast<std::uint16_t>(
            sizeof(rte_ether_hdr) + sizeof(rte_ipv4_hdr) + datagram.header.size());
        fields_of(packet).payload_bytes = static_cast<std::uint16_t>(datagram.payload.size());
    }
    const auto unit = static_cast<std::uint16_t>(fragment.offset / kFragmentUnitBytes);
    const auto more = static_cast<std::uint16_t>(fragment.is_last ? 0 : RTE_IPV4_HDR_MF_FLAG);
    const auto flags = static_cast<std::uint16_t>(
        fragment.is_whole ? RTE_IPV4_HDR_DF_FLAG : static_cast<unsigned>(more) | unit);
    auto& ip = header_at<rte_ipv4_hdr>(packet, sizeof(rte_ether_hdr));
    ip.version_ihl = RTE_IPV4_VHL_DEF;
    ip.type_of_service = 0;
    ip.total_length = rte_cpu_to_be_16(static_cast<std::uint16_t>(total));
    ip.packet_id = rte_cpu_to_be_16(port.ip_id);
    ip.fragment_offset = rte_cpu_to_be_16(flags);
    ip.time_to_live = kTtl;
    ip.next_proto_id = datagram.protocol;
    ip.hdr_checksum = 0;
    ip.src_addr = rte_cpu_to_be_32(datagram.source.value);
    ip.dst_addr = rte_cpu_to_be_32(datagram.destination.value);
    ip.hdr_checksum = rte_ipv4_cksum(&ip);
    copy_part(datagram,
              fragment,
              rte_pktmbuf_mtod_offset(packet, char*, sizeof(rte_ether_hdr) + sizeof(rte_ipv4_hdr)));
}

bool send_whole(WorkerState& state, PortState& port, const Ip4Datagram& datagram) noexcept {
    rte_mbuf* const packet = rte_pktmbuf_alloc(state.pool);
    if (packet == nullptr) {
        count(state, CounterId::PoolFullFrames);
        return false;
    }
    fill(
        state, port, datagram, {.bytes = datagram.header.size() + datagram.payload.size()}, packet);
    return ether_send(state, port, datagram.destination, packet);
}

bool send_fragments(WorkerState& state,
                    PortState& port,
                    const Ip4Datagram& datagram,
                    std::size_t room) noexcept {
    const std::size_t step = room / kFragmentUnitBytes * kFragmentUnitBytes;
    const std::size_t total = datagram.header.size() + datagram.payload.size();
    const std::size_t fragments = (total + step - 1) / step;
    TANDEM_ASSERT(fragments <= kFragmentsMax);
    std::array<rte_mbuf*, kFragmentsMax> packets; // NOLINT(cppcoreguidelines-pro-type-member-init)
    if (rte_pktmbuf_alloc_bulk(state.pool, packets.data(), static_cast<unsigned>(fragments)) != 0) {
        count(state, CounterId::PoolFullFrames);
        return false;
    }
    count(state, CounterId::DatagramsFragmented);
    bool all_sent = true;
    for (std::size_t i = 0; i < fragments; ++i) {
        const bool is_last = i + 1 == fragments;
        fill(state,
             port,
             datagram,
             {.offset = i * step,
              .bytes = is_last ? total - i * step : step,
              .is_last = is_last,
              .is_whole = false},
             packets[i]);
        all_sent = ether_send(state, port, datagram.destination, packets[i]) && all_sent;
    }
    return all_sent;
}

} // namespace

bool ip4_send(WorkerState& state, PortState& port, const Ip4Datagram& datagram) noexcept {
    visit(state, StageId::SendIp4);
    const std::size_t room = std::max<std::size_t>(port.mtu, kMtuMin) - sizeof(rte_ipv4_hdr);
    ++port.ip_id;
    if (datagram.header.size() + datagram.payload.size() <= room) {
        return send_whole(state, port, datagram);
    }
    return send_fragments(state, port, datagram, room);
}

} // namespace tandem::dataplane::egress
