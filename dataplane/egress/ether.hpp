// SPDX-License-Identifier: Apache-2.0
//
// Stage send-ether: finds the MAC of the next hop and completes the frame, or lets it wait for ARP.
// Entered by call from send-ip4. Worker only.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::egress {

// `packet` has room for the Ethernet header in front of its IPv4 header; it is given away in every
// case. False, and counted: no route, a neighbour that does not answer, or no place to wait.
[[nodiscard]] bool ether_send(WorkerState& state,
                              PortState& port,
                              base::Ipv4Address destination,
                              rte_mbuf* packet) noexcept;

} // namespace tandem::dataplane::egress
