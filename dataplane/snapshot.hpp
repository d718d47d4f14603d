// SPDX-License-Identifier: Apache-2.0
//
// How the cold thread looks at what only the worker may touch: it asks for a snapshot, the worker
// fills it between two bursts, the cold thread copies it. Memory is fixed; nobody waits on a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "dataplane/pool_peaks.hpp"
#include "dataplane/worker_state.hpp"
#include "ha/neighbour.hpp"
#include "shm/attach.hpp"
#include "transaction/layer.hpp"

namespace tandem::dataplane {

struct PortSnapshot {
    std::array<ha::NeighbourRow, ha::kNeighboursMax> neighbours;
    std::size_t neighbour_count = 0;
    std::uint32_t pending = 0;
};

struct WorkerSnapshot {
    transaction::LayerStatus layer;
    std::array<std::uint32_t, kPoolNames.size()> pool_peaks{};
    shm::WorkerState link = shm::WorkerState::Detached;
    bool napping = false;
    std::array<PortSnapshot, kPortsMax> ports;
    std::size_t port_count = 0;
};

class SnapshotDesk {
  public:
    // Cold thread. Asks and waits, at most a second; nullptr when the worker did not answer. What
    // is returned stays unchanged until the next call.
    [[nodiscard]] const WorkerSnapshot* take() noexcept;

    // Worker, once per loop: serves a request when there is one.
    [[nodiscard]] WorkerSnapshot* wanted() noexcept {
        // Acquire: the cold thread finished reading the last snapshot before it asked again.
        const std::uint64_t asked = asked_.load(std::memory_order_acquire);
        return asked == served_.load(std::memory_order_relaxed) ? nullptr : &snapshot_;
    }

    void serve() noexcept {
        // Release: whoever sees the number sees the snapshot.
        served_.store(asked_.load(std::memory_order_relaxed), std::memory_order_release);
    }

  private:
    std::atomic<std::uint64_t> asked_ = 0;  // cold thread: rw, worker: ro
    std::atomic<std::uint64_t> served_ = 0; // worker: rw, cold thread: ro
    WorkerSnapshot snapshot_;               // worker while asked != served, else cold thread
};

void fill_snapshot(const WorkerState& state, WorkerSnapshot& snapshot) noexcept;

} // namespace tandem::dataplane
