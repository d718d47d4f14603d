// SPDX-License-Identifier: Apache-2.0
//
// What each row of this benchmark says beside its time. One iteration is one message.
#pragma once

#include <benchmark/benchmark.h>
#include <cstdint>

namespace tandem::bench {

// `bytes`: of one message, in the mean. ./lab bench reads ns_per_byte; the library prints "s"
// behind it, as behind every inverted rate.
inline void set_bytes(benchmark::State& state, double bytes) {
    constexpr double kSecondsPerNs = 1e-9;
    const auto iterations = static_cast<double>(state.iterations());
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
    state.SetBytesProcessed(static_cast<std::int64_t>(iterations * bytes));
    state.counters["ns_per_byte"] = benchmark::Counter(
        bytes * kSecondsPerNs,
        static_cast<benchmark::Counter::Flags>(benchmark::Counter::kIsIterationInvariantRate |
                                               benchmark::Counter::kInvert));
}

} // namespace tandem::bench
