// SPDX-License-Identifier: Apache-2.0
//
// Messages are written straight into the packet, behind the room for the headers.
#include "bench/calls/station.hpp"

namespace tandem::bench {

namespace {

// More than any message of the load; a frame of the usual MTU.
constexpr std::size_t kRoomBytes = 1'472;

std::span<std::uint8_t> bytes_of(rte_mbuf* packet) {
    return {rte_pktmbuf_mtod(packet, std::uint8_t*), rte_pktmbuf_data_len(packet)};
}

} // namespace

Station::~Station() {
    rte_pktmbuf_free(packet_);
}

std::span<char> Station::room() {
    if (packet_ == nullptr) {
        packet_ = rte_pktmbuf_alloc(&pool_);
    }
    if (packet_ == nullptr) {
        return {};
    }
    return {rte_pktmbuf_mtod_offset(packet_, char*, load::kHeadBytes), kRoomBytes};
}

void Station::send(const load::Place& source, const load::Place& destination, std::size_t bytes) {
    const auto frame_bytes = static_cast<std::uint16_t>(load::kHeadBytes + bytes);
    packet_->data_len = frame_bytes;
    packet_->pkt_len = frame_bytes;
    load::write_head({.source = kRouterMac, .destination = kSwitchMac},
                     source,
                     destination,
                     ++ip_id_,
                     bytes_of(packet_));
    if (!port_.to_switch().push(packet_)) {
        faults_.add(load::Fault::NoRoom, "wire", 0, "sending", {});
        rte_pktmbuf_free(packet_);
    }
    packet_ = nullptr;
}

void Station::send_arp(const load::Arp& arp) {
    rte_mbuf* const packet = rte_pktmbuf_alloc(&pool_);
    if (packet == nullptr || rte_pktmbuf_append(packet, load::kArpFrameBytes) == nullptr) {
        rte_pktmbuf_free(packet);
        return;
    }
    load::write_arp(arp, bytes_of(packet).first<load::kArpFrameBytes>());
    if (!port_.to_switch().push(packet)) {
        rte_pktmbuf_free(packet);
    }
}

void Station::ask_for_switch() {
    send_arp({.operation = load::ArpOperation::Request,
              .sender_mac = kRouterMac,
              .sender = kRouterAddress,
              .target_mac = {},
              .target = load::kSwitch.address});
}

std::optional<load::Datagram> Station::read(rte_mbuf* packet) {
    const auto arrived = load::read_frame(kRouterMac, bytes_of(packet));
    switch (arrived.kind) {
    case load::FrameKind::Datagram:
        return arrived.datagram;
    case load::FrameKind::ArpRequest:
        if (arrived.arp_target == kRouterAddress) {
            send_arp({.operation = load::ArpOperation::Reply,
                      .sender_mac = kRouterMac,
                      .sender = kRouterAddress,
                      .target_mac = arrived.arp_sender_mac,
                      .target = arrived.arp_sender});
        }
        return std::nullopt;
    case load::FrameKind::Other:
        return std::nullopt;
    case load::FrameKind::Broken:
        faults_.add(load::Fault::Frame, "wire", 0, "receiving", {});
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace tandem::bench
