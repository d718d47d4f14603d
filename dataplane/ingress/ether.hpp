// SPDX-License-Identifier: Apache-2.0
//
// Stage ether: which frames are for us, and whether they are ARP or IPv4. Called by the worker
// once per loop.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::ingress {

void ether_enter(WorkerState& state, rte_mbuf* packet) noexcept;
void ether_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane::ingress
