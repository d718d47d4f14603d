// SPDX-License-Identifier: Apache-2.0
//
// The parts of a worker put together: ports, packet pool, shared region, transaction layer, rings.
// What a configuration means in numbers is decided here. Built by the cold thread at start; the
// ports are given, so that tests build the same node over ports in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "config/configuration.hpp"
#include "dataplane/drain.hpp"
#include "dataplane/notices.hpp"
#include "dataplane/publish.hpp"
#include "dataplane/worker.hpp"
#include "dataplane/worker_state.hpp"
#include "shm/region.hpp"
#include "transaction/layer.hpp"

namespace tandem::dataplane {

struct NodeOptions {
    const config::Configuration* configuration = nullptr; // outlives the node
    std::uint32_t epoch = 0;
    base::RandomSeed seed{}; // of the keys
    rte_mempool* pool = nullptr;
    std::vector<port::PortIo*> ports; // one for each of the configuration, in its order
    std::vector<ha::MacAddress> macs; // likewise
    std::vector<std::uint32_t> mtus;  // likewise
    transaction::LayerLimits limits;
    bool huge_pages = false;
};

// "a" -> 1 … "z" -> 26; other names get a number above 31 from their letters. Stands in branches.
[[nodiscard]] std::uint8_t node_number(std::string_view node) noexcept;

[[nodiscard]] transaction::LayerLimits layer_limits(const config::Application& application);

class Node {
  public:
    // The error is one sentence.
    [[nodiscard]] static base::Result<std::unique_ptr<Node>, std::string>
    build(const NodeOptions& options);

    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    // After the hand-over socket exists and before the worker runs: what wakes the core.
    void set_doorbell(int event_fd) noexcept;

    [[nodiscard]] shm::Region& region() noexcept { return region_; }

    [[nodiscard]] WorkerState& state() noexcept { return *state_; }

    [[nodiscard]] Worker& worker() noexcept { return *worker_; }

    [[nodiscard]] Notices& notices() noexcept { return notices_; }

    [[nodiscard]] PortState& port(std::size_t index) noexcept { return *ports_[index]; }

    [[nodiscard]] shm::WorkerLink& link() noexcept { return *link_; }

  private:
    explicit Node(shm::Region region) noexcept : region_(std::move(region)) {}

    void assemble(const NodeOptions& options);

    shm::Region region_;
    Notices notices_;
    std::unique_ptr<WorkerState> state_;
    std::vector<std::unique_ptr<PortState>> ports_;
    std::unique_ptr<shm::WorkerLink> link_;
    std::unique_ptr<Publisher> publisher_;
    std::unique_ptr<transaction::Layer> layer_;
    std::unique_ptr<Drain> drain_;
    std::unique_ptr<Worker> worker_;
};

} // namespace tandem::dataplane
