// SPDX-License-Identifier: Apache-2.0
//
// Stage send-udp: one datagram on its way out. Entered by call, not by batch, because the sender
// (the transaction layer, the screen) must know at once whether the message can leave. Worker only.
#pragma once

#include <string_view>

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::egress {

// Sends `payload` from flow.local to flow.remote through the port that holds flow.local. False, and
// counted under its reason: the source is not ours (a command of the core is hostile input), the
// destination is no host, no route, a neighbour that does not answer, or no packet buffer. True
// does not promise more than that it was handed on: a frame may still wait for ARP in vain.
[[nodiscard]] bool
udp_send(WorkerState& state, const transaction::Flow& flow, std::string_view payload) noexcept;

} // namespace tandem::dataplane::egress
