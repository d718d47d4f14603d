// SPDX-License-Identifier: Apache-2.0
//
// Stage tx: collects the frames of a loop and hands them to the drivers. Last stage of a loop.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::port {

// Takes a whole frame that leaves by `port`; the frame is given away.
void tx_enter(WorkerState& state, PortState& port, rte_mbuf* frame) noexcept;
// Hands over what was collected.
void tx_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane::port
