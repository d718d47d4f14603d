// SPDX-License-Identifier: Apache-2.0
//
// The worker: one thread that runs the stages for ever, reads the clock once per burst, beats its
// heart, serves snapshots and naps when it may. It owns no state of its own but the idle policy.
#pragma once

#include <atomic>

#include "dataplane/idle.hpp"
#include "dataplane/pool_peaks.hpp"
#include "dataplane/snapshot.hpp"
#include "dataplane/worker_state.hpp"
#include "shm/attach.hpp"

namespace tandem::dataplane {

class Worker {
  public:
    // All outlive the worker; `link` may be null (there are no rings).
    Worker(WorkerState& state, shm::WorkerLink* link, IdleMode idle) noexcept
        : state_(&state), link_(link), idle_(idle) {}

    // One loop at time `now`; returns how long to nap now (idle.hpp), in ns.
    std::uint64_t run_burst(base::MonotonicNs now) noexcept;

    // Runs until `stop`. Naps by itself.
    void run(const std::atomic<bool>& stop) noexcept;

    [[nodiscard]] SnapshotDesk& desk() noexcept { return desk_; }

  private:
    void note_gauges(base::MonotonicNs now) noexcept;

    WorkerState* state_;
    shm::WorkerLink* link_;
    IdlePolicy idle_;
    SnapshotDesk desk_;
    base::MonotonicNs last_burst_ns_ = 0;
    base::MonotonicNs gauges_due_ns_ = 0;
    PoolPeaks pool_peaks_;
};

} // namespace tandem::dataplane
