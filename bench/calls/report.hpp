// SPDX-License-Identifier: Apache-2.0
//
// What was measured, for people on standard error and for ./lab on standard output.
#pragma once

#include "bench/calls/phases.hpp"

namespace tandem::bench {

struct Results {
    MemoryResult memory;
    LoadResult calls;
    LoadResult registrations;
    double cycles_per_ns = 0;
};

void print_tables(const Results& results);
void print_json(const Results& results);
// Faults with their messages.
void print_faults(const load::Faults& faults);
// Drops and refusals the switch has counted, those that are not zero.
void print_drops(const SwitchNode& node);
// Names of stages every call passes that were never timed; prints them.
[[nodiscard]] bool are_all_stages_timed(const LoadResult& calls);

} // namespace tandem::bench
