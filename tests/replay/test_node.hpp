// SPDX-License-Identifier: Apache-2.0
//
// A whole dataplane node over a port in memory, with fixed keys, and optionally the core's end of
// its rings: what the replay and seal tests run. Needs no root and no huge pages. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "dataplane/node.hpp"
#include "memory_port.hpp"
#include "shm/attach.hpp"
#include "shm/read_record.hpp"

namespace tandem::replay {

// Once per process: EAL without huge pages, and the packet pool.
[[nodiscard]] rte_mempool& packet_pool();

struct TestNodeOptions {
    std::uint32_t mtu = 1'500;
    std::uint32_t server_transactions = 64;
    bool announces = false;
    config::Idle idle = config::Idle::Poll;
};

class TestNode {
  public:
    explicit TestNode(const TestNodeOptions& options);

    // Runs one burst at that time.
    void burst(base::MonotonicNs now) { (void)node_->worker().run_burst(now); }

    // Makes a station known and reachable without a frame.
    void teach_neighbour(std::string_view address, base::MonotonicNs now);

    // Attaches the core's end; runs the bursts that needs.
    void attach_core(base::MonotonicNs now);
    // As if the process of the core had died.
    void kill_core(base::MonotonicNs now);

    [[nodiscard]] shm::CoreLink& core() { return *core_; }

    [[nodiscard]] dataplane::Node& node() { return *node_; }

    [[nodiscard]] MemoryPort& port() { return *port_; }

    // Value of a counter of shm/counter_table.hpp; fails the test for an unknown name.
    [[nodiscard]] std::uint64_t counter(std::string_view name);

  private:
    config::Configuration configuration_;
    std::unique_ptr<MemoryPort> port_;
    std::unique_ptr<dataplane::Node> node_;
    std::unique_ptr<shm::CoreLink> core_;
};

} // namespace tandem::replay
