// SPDX-License-Identifier: Apache-2.0
//
// Stage sip: indexes messages and gives them to the transaction layer. Called by the worker once
// per loop.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::sip {

void sip_enter(WorkerState& state, rte_mbuf* packet) noexcept;
void sip_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane::sip
