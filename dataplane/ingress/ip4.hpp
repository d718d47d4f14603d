// SPDX-License-Identifier: Apache-2.0
//
// Stage ip4: checks IPv4 headers; UDP or ICMP follows. Called by the worker once per loop.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::ingress {

void ip4_enter(WorkerState& state, rte_mbuf* packet) noexcept;
void ip4_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane::ingress
