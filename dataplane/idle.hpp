// SPDX-License-Identifier: Apache-2.0
//
// When a worker may nap, and how long. With `poll` never; with `adaptive` after 50 µs without work,
// 100 µs at a time, and 900 µs at a time once there was none for 10 ms; one look at the ports and
// rings after each nap, until there is work. Decides only; the worker sleeps (worker.cpp). A
// napping worker is never woken by anybody. docs/adr/0010 says why naps grow.
//
//          kIdleBeforeNapNs            kIdleBeforeLongNapNs
//   Awake ------------------> Napping ----------------------> Resting
//     ^                          |                               |
//     +---------- work ----------+------------- work ------------+
//
//   state   | work  | none for < 50 µs | for >= 50 µs  | for >= 10 ms
//   Awake   | Awake | Awake            | Napping, nap  | Resting, long nap
//   Napping | Awake | -                | Napping, nap  | Resting, long nap
//   Resting | Awake | -                | -             | Resting, long nap
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace tandem::dataplane {

constexpr std::uint64_t kIdleBeforeNapNs = 50 * base::kNsPerUs;
constexpr std::uint64_t kNapNs = 100 * base::kNsPerUs;
constexpr std::uint64_t kIdleBeforeLongNapNs = 10 * base::kNsPerMs;
// A worker beats each millisecond; the other process looks for that.
constexpr std::uint64_t kLongNapNs = 900 * base::kNsPerUs;

enum class IdleMode : std::uint8_t { Poll, Adaptive };

class IdlePolicy {
  public:
    explicit IdlePolicy(IdleMode mode) noexcept : mode_(mode) {}

    // After each burst: whether it had work, and its time. How long to nap now, in ns; 0 = not.
    [[nodiscard]] std::uint64_t step(bool had_work, base::MonotonicNs now) noexcept {
        if (had_work || mode_ == IdleMode::Poll || idle_since_ns_ == 0) {
            idle_since_ns_ = now;
            nap_ns_ = 0;
        } else if (now >= idle_since_ns_ + kIdleBeforeLongNapNs) {
            nap_ns_ = kLongNapNs;
        } else if (now >= idle_since_ns_ + kIdleBeforeNapNs) {
            nap_ns_ = kNapNs;
        }
        return nap_ns_;
    }

    [[nodiscard]] bool is_napping() const noexcept { return nap_ns_ != 0; }

    [[nodiscard]] IdleMode mode() const noexcept { return mode_; }

  private:
    IdleMode mode_;
    std::uint64_t nap_ns_ = 0; // of the nap under way; 0 = awake
    base::MonotonicNs idle_since_ns_ = 0;
};

} // namespace tandem::dataplane
