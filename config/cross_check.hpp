// SPDX-License-Identifier: Apache-2.0
//
// Checks options against each other, after each has been checked alone: order of limits, subnets,
// names and numbers used twice. It changes nothing and never reads the file. Called by the loader,
// on the main thread.
#pragma once

#include <cstddef>

#include "config/configuration.hpp"
#include "config/problem.hpp"

namespace tandem::config {

constexpr std::size_t kPortsMax = 16; // the dataplane's port table

// Options that were refused alone stand in `configuration` with their default, or not set: what
// depends on an address that is not set is left unchecked.
void cross_check(const Configuration& configuration, ProblemList& problems);

} // namespace tandem::config
