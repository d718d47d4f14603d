// SPDX-License-Identifier: Apache-2.0
//
// Stage send-ether: carries out what the neighbour table decides for a packet. Runs on the worker.
#include "dataplane/egress/ether.hpp"

#include <bit>

#include "dataplane/egress/arp.hpp"
#include "dataplane/port/tx.hpp"

namespace tandem::dataplane::egress {

using shm::CounterId;

bool ether_send(WorkerState& state,
                PortState& port,
                base::Ipv4Address destination,
                rte_mbuf* packet) noexcept {
    using Kind = ha::NeighbourAnswer::Kind;
    visit(state, StageId::SendEther);
    const auto token = std::bit_cast<ha::FrameToken>(packet);
    const ha::NeighbourAnswer answer = port.neighbours.resolve(destination, token, state.now);
    CounterId reason = CounterId::NeighbourQueueFull;
    switch (answer.kind) {
    case Kind::Send:
        write_ether_header(port, packet, answer.mac);
        port::tx_enter(state, port, packet);
        neighbours_flush(state, port); // a known station may have to be asked again
        return true;
    case Kind::Queued:
        neighbours_flush(state, port);
        return true;
    case Kind::NoRoute:
        reason = CounterId::IpNoRoute;
        break;
    case Kind::Failed:
        reason = CounterId::NeighbourFailed;
        break;
    case Kind::Full:
        break;
    }
    count(state, reason);
    rte_pktmbuf_free(packet);
    return false;
}

} // namespace tandem::dataplane::egress
