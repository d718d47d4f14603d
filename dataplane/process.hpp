// SPDX-License-Identifier: Apache-2.0
//
// The dataplane process: what is started in which order, and the cold loop beside the worker. It
// hands the region over, follows carriers, writes what the worker raised on the notice board, and
// ends in order on SIGINT or SIGTERM. Main thread only.
#pragma once

#include "config/configuration.hpp"

namespace tandem::dataplane {

struct ProcessOptions {
    bool seal = false; // abort when the worker allocates; debug builds only
};

// Runs until told to end. 0; or 1 with one sentence on standard error when it could not start.
[[nodiscard]] int run_process(const config::Configuration& configuration,
                              const ProcessOptions& options);

} // namespace tandem::dataplane
