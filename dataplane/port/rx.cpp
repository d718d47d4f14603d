// SPDX-License-Identifier: Apache-2.0
//
// Stage rx: takes a burst from every port, counts it and notes on each packet where it came in.
// Decides nothing about content. Runs on the worker.
#include "dataplane/port/rx.hpp"

#include "dataplane/ingress/ether.hpp"

namespace tandem::dataplane::port {

namespace {

void rx_port(WorkerState& state, std::uint16_t port) noexcept {
    std::array<rte_mbuf*, kRxBurst> burst; // NOLINT(cppcoreguidelines-pro-type-member-init): out
    PortState& from = *state.ports[port];
    const std::uint16_t received = from.io->rx_burst(burst);
    std::uint64_t bytes = 0;
    for (std::uint16_t i = 0; i < received; ++i) {
        fields_of(burst[i]) = PacketFields{.port = port};
        bytes += rte_pktmbuf_pkt_len(burst[i]);
        if (state.trace.is_on()) [[unlikely]] {
            fields_of(burst[i]).trace = state.trace.pick(bytes_of(burst[i]), port);
        }
        ingress::ether_enter(state, burst[i]);
    }
    if (received > 0) {
        from.counters.rx_packets.add(received);
        from.counters.rx_bytes.add(bytes);
        state.counters.add(shm::CounterId::FramesReceived, received);
        state.counters.add(shm::CounterId::BytesReceived, bytes);
        state.work += received;
    }
}

} // namespace

void rx_run(WorkerState& state) noexcept {
    const auto ports = static_cast<std::uint16_t>(state.ports.size());
    for (std::uint16_t port = 0; port < ports; ++port) {
        rx_port(state, port);
    }
}

} // namespace tandem::dataplane::port
