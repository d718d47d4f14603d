// SPDX-License-Identifier: Apache-2.0
//
// What a row reports is the least of its repetitions: sizes are compared with each other, and
// whatever else runs on the machine only ever adds.
#include "bench/parse/adversarial_rows.hpp"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <memory>
#include <string>
#include <vector>

#include "bench/corpus/adversarial_walk.hpp"
#include "bench/parse/counters.hpp"

namespace tandem::bench {

namespace {

constexpr double kMinTimeS = 0.05;

void walk(benchmark::State& state, const AdversarialCase& row, std::size_t bytes) {
    const auto input = std::make_unique<AdversarialWalk>(row, bytes);
    const auto implementation = sipparse::chosen_implementation();
    for ([[maybe_unused]] const auto iteration : state) {
        auto outcome = input->walk(implementation);
        benchmark::DoNotOptimize(outcome);
    }
    set_bytes(state, static_cast<double>(input->text().size()));
}

double least(const std::vector<double>& repetitions) {
    return *std::min_element(repetitions.begin(), repetitions.end());
}

} // namespace

void register_adversarial_rows() {
    for (const AdversarialCase& row : kAdversarialCases) {
        for (const AdversarialSize& size : kAdversarialSizes) {
            const std::string name =
                "adversarial/" + std::string(row.name) + "/" + std::string(size.name);
            benchmark::RegisterBenchmark(
                name.c_str(), [&row, bytes = size.bytes](auto& state) { walk(state, row, bytes); })
                ->MinTime(kMinTimeS)
                ->ComputeStatistics("least", least);
        }
    }
}

} // namespace tandem::bench
