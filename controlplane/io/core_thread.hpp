// SPDX-License-Identifier: Apache-2.0
//
// The thread the core runs on: takes events from the ring, steps the core, publishes its commands,
// runs due timers, serves queries, beats, and sleeps when there is nothing to do. It gives the core
// its time and nothing else; what the core decides it does not know.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "config/configuration.hpp"
#include "controlplane/core/core.hpp"
#include "controlplane/io/command_effects.hpp"
#include "controlplane/io/core_queries.hpp"
#include "controlplane/io/core_trace.hpp"
#include "controlplane/io/intake.hpp"
#include "controlplane/io/journal.hpp"
#include "controlplane/io/recorder.hpp"
#include "controlplane/io/seam.hpp"

namespace tandem::controlplane {

// Written by the core thread, read by anyone; each orders nothing.
struct CoreThreadCounters {
    std::atomic<std::uint64_t> loops = 0;
    std::atomic<std::uint64_t> sleeps = 0;
    std::atomic<std::uint64_t> waits_for_room = 0; // looks that found no room for a step
    std::atomic<std::uint64_t> doorbells = 0;      // rung for a sleeping dataplane: none sleeps
    std::atomic<std::uint64_t> longest_loop_ns = 0;
};

// What only the core thread may read, copied for an operator.
struct CoreThreadStatus {
    SeamStatus seam;
    EffectCounts effects;
    IntakeCounts intake;
    std::size_t command_ring_used_bytes = 0;
    std::size_t command_ring_bytes = 0; // 0: no region is attached
    std::uint64_t thread_cpu_ns = 0;
};

// What a core can do without; nullptr: it is not there.
struct CoreThreadParts {
    Recorder* recorder = nullptr;
    // Its bindings are stepped before anything else, and changed ones go to its queue.
    Journal* journal = nullptr;
};

class CoreThread {
  public:
    // Starts the thread. The configuration outlives it, and so do the parts.
    CoreThread(const config::Configuration& configuration,
               const CoreSeed& seed,
               const CoreThreadParts& parts = {});
    // Ends it after the step under way.
    ~CoreThread();
    CoreThread(const CoreThread&) = delete;
    CoreThread& operator=(const CoreThread&) = delete;

    // Any other thread; see CoreQueries::run().
    [[nodiscard]] bool query(const CoreQuery& query) { return queries_.run(query); }

    // Any other thread: runs the work between two steps while a region is attached, else not at
    // all. False when the core thread did not answer in time.
    [[nodiscard]] bool
    with_region(const std::function<void(const shm::Region& region, const Now& now)>& work);

    // Any other thread; false when the core thread did not answer in time.
    [[nodiscard]] bool status(CoreThreadStatus& out);

    [[nodiscard]] const CoreThreadCounters& counters() const { return counters_; }

  private:
    void run();
    void restore_bindings();
    [[nodiscard]] static Now read_clocks();
    void follow_seam(const Now& now);
    [[nodiscard]] bool drain(const Now& now);
    [[nodiscard]] bool has_room();
    void step(const Input& input, const Now& now);
    void publish();
    void sleep(const Now& now);
    [[nodiscard]] base::MonotonicNs core_deadline() const;
    [[nodiscard]] std::uint64_t sleep_ns(const Now& now) const;

    Journal* journal_; // nullptr: there is none
    CommandEffects effects_;
    Recorder* recorder_; // nullptr: nothing is recorded
    Core core_;
    Seam seam_;
    Intake intake_;
    CoreTrace trace_;
    CoreQueries queries_;
    CoreThreadCounters counters_;
    base::MonotonicNs next_seam_ns_ = 0;
    std::size_t command_ring_bytes_ = 0; // of the attached region
    std::atomic<bool> stopping_ = false; // set once by the destructor; orders nothing
    std::thread thread_;                 // last: it uses all above
};

} // namespace tandem::controlplane
