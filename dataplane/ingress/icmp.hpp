// SPDX-License-Identifier: Apache-2.0
//
// Stage icmp: answers echo requests. Called by the worker once per loop.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::ingress {

void icmp_enter(WorkerState& state, rte_mbuf* packet) noexcept;
void icmp_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane::ingress
