// SPDX-License-Identifier: Apache-2.0
//
// The switch as the benchmark runs it: the real dataplane node over a port in memory and the real
// core behind its rings, both turned by one thread. Sizes are those of a production node for the
// rate it is asked to stand.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "bench/calls/memory_port.hpp"
#include "config/configuration.hpp"
#include "controlplane/core/core.hpp"
#include "controlplane/io/command_effects.hpp"
#include "controlplane/io/intake.hpp"
#include "dataplane/node.hpp"
#include "shm/attach.hpp"

namespace tandem::bench {

struct SwitchSize {
    std::uint32_t numbers = 100'000;
    std::uint32_t calls_at_once = 131'072;
    // What lingers is sized for this rate of calls (transaction/timers.hpp: 32 s for three of the
    // four transactions of a call, 5 s for the fourth).
    std::uint32_t calls_per_second = 25'000;
};

[[nodiscard]] config::Configuration configuration_of(const SwitchSize& size);
[[nodiscard]] transaction::LayerLimits limits_of(const SwitchSize& size);

class SwitchNode {
  public:
    // `port` and `pool` outlive it. Throws std::runtime_error when something is missing.
    SwitchNode(const SwitchSize& size, MemoryPort& port, rte_mempool& pool, bool huge_pages);
    SwitchNode(const SwitchNode&) = delete;
    SwitchNode& operator=(const SwitchNode&) = delete;
    ~SwitchNode();

    // One burst of the worker, then one loop of the core. With the stage clock on, stage by stage.
    void turn();

    [[nodiscard]] dataplane::Node& node() { return *node_; }

    [[nodiscard]] const controlplane::Core& core() const { return *core_; }

    [[nodiscard]] std::uint64_t events() const { return intake_.counts().records; }

    [[nodiscard]] const controlplane::EffectCounts& effects() const { return effects_.counts(); }

    // Value of a counter of shm/counter_table.hpp.
    [[nodiscard]] std::uint64_t counter(shm::CounterId id) const;

  private:
    void attach();
    void turn_worker();
    void turn_worker_by_stage();
    void turn_core();

    config::Configuration configuration_;
    std::unique_ptr<dataplane::Node> node_;
    std::unique_ptr<shm::CoreLink> link_;
    controlplane::CommandEffects effects_;
    std::unique_ptr<controlplane::Core> core_;
    controlplane::Intake intake_;
    controlplane::CoreTrace trace_; // attached to nothing: no packet is followed
};

} // namespace tandem::bench
