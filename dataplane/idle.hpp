// SPDX-License-Identifier: Apache-2.0
//
// When a worker may nap. With `poll` never; with `adaptive` after 50 µs without work, 100 µs at a
// time, one look at the ports and rings after each nap, until there is work. Decides only; the
// worker sleeps (worker.cpp). A napping worker is never woken by anybody.
//
//            no work for kIdleBeforeNapNs
//   Awake ---------------------------------> Napping
//     ^                                        |  |
//     +----------------- work -----------------+  +-- no work: nap again
//
//   state   | work  | no work, young | no work, old
//   Awake   | Awake | Awake          | Napping, nap
//   Napping | Awake | Napping, nap   | Napping, nap
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace tandem::dataplane {

constexpr std::uint64_t kIdleBeforeNapNs = 50 * base::kNsPerUs;
constexpr std::uint64_t kNapNs = 100 * base::kNsPerUs;

enum class IdleMode : std::uint8_t { Poll, Adaptive };

class IdlePolicy {
  public:
    explicit IdlePolicy(IdleMode mode) noexcept : mode_(mode) {}

    // After each burst: whether it had work, and its time. True: nap for kNapNs now.
    [[nodiscard]] bool step(bool had_work, base::MonotonicNs now) noexcept {
        if (had_work || mode_ == IdleMode::Poll || idle_since_ns_ == 0) {
            idle_since_ns_ = now;
            napping_ = false;
            return false;
        }
        napping_ = napping_ || now >= idle_since_ns_ + kIdleBeforeNapNs;
        return napping_;
    }

    [[nodiscard]] bool is_napping() const noexcept { return napping_; }

    [[nodiscard]] IdleMode mode() const noexcept { return mode_; }

  private:
    IdleMode mode_;
    bool napping_ = false;
    base::MonotonicNs idle_since_ns_ = 0;
};

} // namespace tandem::dataplane
