// SPDX-License-Identifier: Apache-2.0
//
// Stage udp: checks datagrams; those to sip-port go on to the screen. Called by the worker once
// per loop.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::ingress {

void udp_enter(WorkerState& state, rte_mbuf* packet) noexcept;
void udp_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane::ingress
