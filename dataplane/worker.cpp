// SPDX-License-Identifier: Apache-2.0
//
// The loop. All work is in the stages (pipeline.hpp); here is what surrounds them: the clock, the
// heartbeat, the numbers of the loop and the nap, which is the only system call of the thread that
// is not made for a sleeping core.
#include "dataplane/worker.hpp"

#include <ctime>
#include <sys/prctl.h>

#include "dataplane/pipeline.hpp"

namespace tandem::dataplane {

namespace {

using shm::CounterId;

constexpr std::uint64_t kGaugesEveryNs = base::kNsPerMs;

void nap(std::uint64_t ns) noexcept {
    const timespec time = {.tv_sec = 0, .tv_nsec = static_cast<long>(ns)};
    ::nanosleep(&time, nullptr);
}

} // namespace

void Worker::note_gauges(base::MonotonicNs now) noexcept {
    if (now < gauges_due_ns_) {
        return;
    }
    gauges_due_ns_ = now + kGaugesEveryNs;
    const transaction::LayerStatus status = state_->layer->status();
    pool_peaks_.see(status);
    std::uint64_t neighbours = 0;
    for (const PortState* const port : state_->ports) {
        neighbours += port->neighbours.entries();
    }
    state_->counters.set(CounterId::ServerTransactions, status.server_live.used);
    state_->counters.set(CounterId::ClientTransactions, status.client_live.used);
    state_->counters.set(CounterId::LingeringTransactions, status.lingering.used);
    state_->counters.set(CounterId::OrphanedTransactions, status.orphans);
    state_->counters.set(CounterId::Neighbours, neighbours);
}

std::uint64_t Worker::run_burst(base::MonotonicNs now) noexcept {
    LoopNumbers& loop = state_->loop;
    if (last_burst_ns_ != 0 && !idle_.is_napping() && now > last_burst_ns_) {
        loop.gap_max_ns.raise_to(now - last_burst_ns_);
    }
    last_burst_ns_ = now;
    state_->now = now;
    state_->work = 0;
    state_->trace.follow(*state_->layer, now);
    run_stages(*state_);
    if (link_ != nullptr) {
        link_->beat(now);
    }
    loop.bursts.add();
    if (state_->work > 0) {
        loop.busy_bursts.add();
    }
    note_gauges(now);
    const std::uint64_t nap_ns = idle_.step(state_->work > 0, now);
    if (WorkerSnapshot* const snapshot = desk_.wanted()) {
        fill_snapshot(*state_, *snapshot);
        snapshot->napping = nap_ns > 0;
        snapshot->pool_peaks = pool_peaks_.peaks();
        snapshot->link = link_ != nullptr ? link_->state() : shm::WorkerState::Detached;
        desk_.serve();
    }
    return nap_ns;
}

void Worker::run(const std::atomic<bool>& stop) noexcept {
    if (idle_.mode() == IdleMode::Adaptive) {
        // Else the kernel lets a nap of 100 µs last 150.
        ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    }
    // Orders nothing: the thread that stops us joins us.
    while (!stop.load(std::memory_order_relaxed)) {
        if (const std::uint64_t nap_ns = run_burst(base::monotonic_now()); nap_ns > 0) {
            nap(nap_ns);
            state_->loop.naps.add();
        }
    }
}

} // namespace tandem::dataplane
