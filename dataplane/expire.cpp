// SPDX-License-Identifier: Apache-2.0
//
// Stage expire: timers of transactions and neighbours, and announcements, also those that are due
// because a link came up. Runs on the worker.
#include "dataplane/expire.hpp"

#include "dataplane/egress/arp.hpp"
#include "transaction/layer.hpp"

namespace tandem::dataplane {

namespace {

void expire_port(WorkerState& state, PortState& port) noexcept {
    // Orders nothing: the number alone tells that there is something to announce.
    const std::uint32_t link_ups = port.link_ups.load(std::memory_order_relaxed);
    if (link_ups != port.link_ups_seen) {
        port.link_ups_seen = link_ups;
        port.announcement.start(state.now);
    }
    egress::announce_due(state, port);
    port.neighbours.expire(state.now);
    egress::neighbours_flush(state, port);
}

} // namespace

void expire_run(WorkerState& state) noexcept {
    state.layer->expire(state.now);
    for (PortState* const port : state.ports) {
        expire_port(state, *port);
    }
}

} // namespace tandem::dataplane
