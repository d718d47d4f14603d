// SPDX-License-Identifier: Apache-2.0
//
// Turning on and off between bursts, and the cost of looking.
#include "bench/calls/stage_clock.hpp"

#include <algorithm>

namespace tandem::bench {

StageClock& stage_clock() {
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): see the header
    static StageClock clock;
    return clock;
}

void StageClock::turn_on() {
    is_on_ = true;
    depth_ = 0;
    stack_[0] = TimedStage::Outside;
    last_ = cycles();
}

void StageClock::turn_off() {
    at(TimedStage::Outside).cycles += cycles() - last_;
    is_on_ = false;
}

// The least of many tries, because anything else that happens only adds.
void StageClock::calibrate() {
    constexpr int kTries = 64;
    constexpr std::uint64_t kVisits = 1'000;
    inner_cost_ = outer_cost_ = 1e9;
    for (int i = 0; i < kTries; ++i) {
        rows_ = {};
        turn_on();
        for (std::uint64_t visit = 0; visit < kVisits; ++visit) {
            const Timed timed(TimedStage::Rx);
        }
        turn_off();
        const auto per_visit = [&](TimedStage stage) {
            return static_cast<double>(at(stage).cycles) / kVisits;
        };
        inner_cost_ = std::min(inner_cost_, per_visit(TimedStage::Rx));
        outer_cost_ = std::min(outer_cost_, per_visit(TimedStage::Outside));
    }
    rows_ = {};
}

StageTimes StageClock::times() const {
    StageTimes times;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const Row& row = rows_[i];
        const auto cost =
            static_cast<std::uint64_t>(static_cast<double>(row.visits) * inner_cost_ +
                                       static_cast<double>(row.visits_inside) * outer_cost_);
        times[i] = {.cycles = row.cycles - std::min(row.cycles, cost), .visits = row.visits};
    }
    return times;
}

} // namespace tandem::bench
