// SPDX-License-Identifier: Apache-2.0
//
// Stage arp: answers for held addresses and teaches the neighbour table. Called by the worker once
// per loop.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::ingress {

void arp_enter(WorkerState& state, rte_mbuf* packet) noexcept;
void arp_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane::ingress
