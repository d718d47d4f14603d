// SPDX-License-Identifier: Apache-2.0
//
// Both ends of the snapshot desk: filling on the worker, asking and waiting on the cold thread.
#include "dataplane/snapshot.hpp"

#include <ctime>

namespace tandem::dataplane {

namespace {

constexpr std::uint64_t kWaitStepNs = base::kNsPerMs / 5;
constexpr std::uint64_t kWaitMaxNs = base::kNsPerS;

} // namespace

const WorkerSnapshot* SnapshotDesk::take() noexcept {
    const std::uint64_t served = served_.load(std::memory_order_acquire);
    // A request that was never served is still open: it must not be asked a second time while the
    // worker may be writing.
    if (asked_.load(std::memory_order_relaxed) == served) {
        asked_.store(served + 1, std::memory_order_release);
    }
    for (std::uint64_t waited = 0; waited < kWaitMaxNs; waited += kWaitStepNs) {
        if (served_.load(std::memory_order_acquire) != served) {
            return &snapshot_;
        }
        const timespec step = {.tv_sec = 0, .tv_nsec = kWaitStepNs};
        ::nanosleep(&step, nullptr);
    }
    return nullptr;
}

void fill_snapshot(const WorkerState& state, WorkerSnapshot& snapshot) noexcept {
    snapshot.layer = state.layer->status();
    snapshot.port_count = state.ports.size();
    for (std::size_t i = 0; i < state.ports.size(); ++i) {
        const ha::NeighbourTable& neighbours = state.ports[i]->neighbours;
        PortSnapshot& port = snapshot.ports[i];
        port.neighbour_count = neighbours.copy_rows(port.neighbours);
        port.pending = neighbours.pending();
    }
}

} // namespace tandem::dataplane
