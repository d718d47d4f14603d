// SPDX-License-Identifier: Apache-2.0
//
// The time stamp counter, which on the processors we run on ticks at a constant rate in all states,
// and what it makes of nanoseconds. Any thread.
#pragma once

#include <cstdint>
#include <x86intrin.h>

#include "base/monotonic_clock.hpp"

namespace tandem::bench {

inline std::uint64_t cycles() {
    return __rdtsc();
}

// Ticks between two readings of both clocks, for as long as the measurement took.
class CycleRate {
  public:
    CycleRate() : first_cycles_(cycles()), first_ns_(base::monotonic_now()) {}

    [[nodiscard]] double cycles_per_ns() const {
        return static_cast<double>(cycles() - first_cycles_) /
               static_cast<double>(base::monotonic_now() - first_ns_);
    }

  private:
    std::uint64_t first_cycles_;
    base::MonotonicNs first_ns_;
};

} // namespace tandem::bench
