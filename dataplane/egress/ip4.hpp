// SPDX-License-Identifier: Apache-2.0
//
// Stage send-ip4: puts a datagram into one frame, or into fragments when it is longer than the MTU.
// Entered by call from send-udp. Worker only.
#pragma once

#include <string_view>

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::egress {

// A transport header and its payload, which follow each other on the wire.
struct Ip4Datagram {
    base::Ipv4Address source;
    base::Ipv4Address destination;
    std::uint8_t protocol = 0;
    std::string_view header; // at most 8 bytes, so that it never crosses a fragment
    std::string_view payload;
};

// False, and counted: no packet buffer, no route, or a neighbour that does not answer.
[[nodiscard]] bool
ip4_send(WorkerState& state, PortState& port, const Ip4Datagram& datagram) noexcept;

} // namespace tandem::dataplane::egress
