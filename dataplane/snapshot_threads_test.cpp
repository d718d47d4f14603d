// SPDX-License-Identifier: Apache-2.0
//
// The snapshot desk between a worker and a cold thread: what the cold thread takes is whole and
// stays as it was while it looks, however fast the worker goes on. Run under ThreadSanitizer this
// shows that its memory orders are enough.
#include <atomic>
#include <thread>

#include "gtest/gtest.h"

#include "dataplane/snapshot.hpp"

namespace tandem::dataplane {
namespace {

// Every number of a snapshot is the same one, another for each snapshot.
void fill(WorkerSnapshot& snapshot, std::uint32_t number) {
    snapshot.pool_peaks.fill(number);
    snapshot.port_count = number % kPortsMax;
}

TEST(SnapshotThreads, WhatIsTakenIsWholeAndStays) {
    constexpr std::uint32_t kSnapshots = 200;
    SnapshotDesk desk;
    std::atomic<bool> is_over = false;
    std::thread worker([&] {
        for (std::uint32_t number = 1; !is_over.load(); ++number) {
            if (WorkerSnapshot* const wanted = desk.wanted()) {
                fill(*wanted, number);
                desk.serve();
            }
            std::this_thread::yield();
        }
    });
    std::uint32_t last = 0;
    for (std::uint32_t taken = 0; taken < kSnapshots;) {
        const WorkerSnapshot* const snapshot = desk.take();
        if (snapshot == nullptr) {
            continue; // the machine was too busy for a second
        }
        const std::uint32_t number = snapshot->pool_peaks.front();
        EXPECT_GT(number, last);
        for (const std::uint32_t peak : snapshot->pool_peaks) {
            EXPECT_EQ(peak, number);
        }
        EXPECT_EQ(snapshot->port_count, number % kPortsMax);
        last = number;
        ++taken;
    }
    is_over = true;
    worker.join();
}

} // namespace
} // namespace tandem::dataplane
