// SPDX-License-Identifier: Apache-2.0
//
// base/time.hpp's clock in the shape std::chrono wants, for cold code that waits on a socket or a
// condition. Hot and pure code takes a MonotonicNs from its caller instead.
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace tandem::base {

struct MonotonicClock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicClock>;

    static constexpr bool is_steady = true; // NOLINT(readability-identifier-naming): std's name

    static time_point now() noexcept {
        return time_point(duration(static_cast<rep>(monotonic_now())));
    }
};

} // namespace tandem::base
