// SPDX-License-Identifier: Apache-2.0
//
// What the benchmark does, one after the other, over one node that lives through all of it: every
// number registers, calls are held, calls come and go for as long as what lingers needs to fill,
// numbers register again. One thread.
#pragma once

#include <memory>

#include "bench/calls/measure.hpp"
#include "bench/calls/memory_use.hpp"
#include "bench/calls/options.hpp"
#include "bench/load/call_load.hpp"
#include "bench/load/register_load.hpp"

namespace tandem::bench {

struct MemoryResult {
    double bytes_per_registration = 0;
    double bytes_per_call = 0;
    double live_bytes_per_call = 0;    // of the pools
    double process_bytes_per_call = 0; // what the rest of the process grew by
    double bytes_per_lingering = 0;
    std::uint64_t lingering = 0;
    std::uint64_t held = 0;
};

struct LoadResult {
    Cost plain;
    Cost by_stage;
    Traffic traffic;             // of the slices by stage
    StageTimes stages;           // likewise
    double share_by_stage = 1;   // of the core, weighted by the switch's time
    std::uint64_t lingering = 0; // at the end
};

class Phases {
  public:
    Phases(const Options& options, rte_mempool& pool, bool huge_pages);

    void register_all();
    void hold_calls();
    [[nodiscard]] LoadResult load_calls(double cycles_per_ns);
    [[nodiscard]] LoadResult load_registrations(double cycles_per_ns);

    [[nodiscard]] const MemoryResult& memory() const { return memory_; }

    [[nodiscard]] const load::Faults& faults() const { return faults_; }

    [[nodiscard]] const load::CallLoadCounts& calls() const { return calls_.counts(); }

    [[nodiscard]] SwitchNode& node() { return node_; }

  private:
    template <typename Take, typename Act, typename IsOver>
    bool turn_until(std::uint64_t patience_ns, Take&& take, Act&& act, IsOver&& is_over);
    void start_calls(base::MonotonicNs now);
    void drain_calls();
    [[nodiscard]] LoadResult
    result_of(const Measurement& measurement, const StageTimes& before, double cycles_per_ns);

    Options options_;
    MemoryPort port_;
    load::Faults faults_;
    Station station_;
    SwitchNode node_;
    load::RegisterLoad registrations_;
    load::CallLoad held_;
    load::CallLoad calls_;
    MemoryResult memory_;
    base::MonotonicNs calls_begin_ns_ = 0;
};

} // namespace tandem::bench
