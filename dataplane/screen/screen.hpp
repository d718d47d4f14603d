// SPDX-License-Identifier: Apache-2.0
//
// Stage screen: keep-alives and STUN end here, SIP goes on to the sip stage. Called by the worker
// once per loop.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::screen {

void screen_enter(WorkerState& state, rte_mbuf* packet) noexcept;
void screen_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane::screen
