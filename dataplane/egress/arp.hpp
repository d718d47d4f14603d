// SPDX-License-Identifier: Apache-2.0
//
// Sends what the ha machines want sent: ARP frames, and packets that waited for a MAC. Called by
// the stages arp, send-ether and expire. Worker only.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::egress {

// False, and counted: no packet buffer.
[[nodiscard]] bool
arp_send(WorkerState& state, PortState& port, const ha::ArpFrame& frame) noexcept;

// Ethernet header of an IPv4 packet.
void write_ether_header(const PortState& port,
                        rte_mbuf* packet,
                        const ha::MacAddress& destination) noexcept;

// After every call that may change the neighbour table: sends its questions and the packets it
// gives back, and drops those whose neighbour did not answer.
void neighbours_flush(WorkerState& state, PortState& port) noexcept;

// Gratuitous ARP that is due.
void announce_due(WorkerState& state, PortState& port) noexcept;

} // namespace tandem::dataplane::egress
