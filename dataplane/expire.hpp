// SPDX-License-Identifier: Apache-2.0
//
// Stage expire: all that happens because time passed. Called by the worker once per loop.
#pragma once

#include "dataplane/worker_state.hpp"

namespace tandem::dataplane {

void expire_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane
