// SPDX-License-Identifier: Apache-2.0
//
// Stage rx: takes a burst from every port. First stage of a loop, called by the worker.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane::port {

void rx_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane::port
