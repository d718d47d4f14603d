// SPDX-License-Identifier: Apache-2.0
//
// The loop of the benchmark, cut into slices of a second: phones, then one turn of the switch, with
// the cycles of both apart. A slice knows how much of its time another process had the core, and
// leaves that out. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/calls/cycles.hpp"
#include "bench/calls/stage_clock.hpp"
#include "bench/calls/station.hpp"
#include "bench/calls/switch_node.hpp"

namespace tandem::bench {

struct Slice {
    bool by_stage = false;
    std::uint64_t switch_cycles = 0;
    std::uint64_t phones_cycles = 0;
    std::uint64_t wall_ns = 0;
    std::uint64_t cpu_ns = 0; // of this thread
    std::uint64_t done = 0;   // calls or registrations that were completed
    std::uint64_t turns = 0;

    // The part of the time the thread had the core.
    [[nodiscard]] double share() const {
        return static_cast<double>(cpu_ns) / static_cast<double>(wall_ns);
    }
};

struct Traffic {
    std::uint64_t received = 0; // frames the switch got
    std::uint64_t sent = 0;     // frames it sent
    std::uint64_t events = 0;   // records the core read
    std::uint64_t commands = 0; // messages the core wrote
    std::uint64_t done = 0;
};

class Measurement {
  public:
    Measurement(SwitchNode& node, Station& station) : node_(node), station_(station) {}

    // Runs for `slices` seconds. `take(datagram, now)` gets what the switch sends, `act(now)` lets
    // phones do what is due, `done()` counts what is complete. Every second slice is timed by stage
    // when `by_stage`.
    template <typename Take, typename Act, typename Done>
    void run(std::uint32_t slices, bool by_stage, Take&& take, Act&& act, Done&& done) {
        for (std::uint32_t i = 0; i < slices; ++i) {
            begin(by_stage && i % 2 == 1, done());
            while (base::monotonic_now() - slice_begin_ns_ < base::kNsPerS) {
                turn(take, act);
            }
            end(done());
        }
    }

    template <typename Take, typename Act>
    void turn(Take&& take, Act&& act) {
        const std::uint64_t first = cycles();
        const base::MonotonicNs now = base::monotonic_now();
        station_.receive([&](const load::Datagram& datagram) { take(datagram, now); });
        act(now);
        const std::uint64_t second = cycles();
        node_.turn();
        slice_.phones_cycles += second - first;
        slice_.switch_cycles += cycles() - second;
        ++slice_.turns;
    }

    [[nodiscard]] const std::vector<Slice>& slices() const { return slices_; }

    // What passed in the slices timed by stage.
    [[nodiscard]] const Traffic& traffic() const { return traffic_; }

    // Before the first run: room for so many slices.
    void reserve(std::size_t slices) { slices_.reserve(slices); }

  private:
    void begin(bool by_stage, std::uint64_t done);
    void end(std::uint64_t done);
    [[nodiscard]] Traffic traffic_now() const;

    SwitchNode& node_;
    Station& station_;
    Slice slice_;
    base::MonotonicNs slice_begin_ns_ = 0;
    std::uint64_t cpu_begin_ns_ = 0;
    std::vector<Slice> slices_;
    Traffic begin_;
    Traffic traffic_;
};

// Nanoseconds of the switch for one of what the slices completed, the middle of all slices.
struct Cost {
    double switch_ns = 0; // median
    double switch_low_ns = 0;
    double switch_high_ns = 0;
    double phones_ns = 0;
    double per_second = 0; // completed, as it went, with the phones on the same core
    double share = 0;      // of the core the thread had, the least of any slice
    std::size_t slices = 0;
};

[[nodiscard]] Cost cost_of(const std::vector<Slice>& slices, bool by_stage, double cycles_per_ns);

} // namespace tandem::bench
