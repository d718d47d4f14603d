// SPDX-License-Identifier: Apache-2.0
//
// The one type of time inside the switch: nanoseconds of CLOCK_MONOTONIC. Pure code is handed a
// MonotonicNs by its caller (one reading per burst or step) and never reads a clock; only the
// callers in dataplane/ and controlplane/io/ call monotonic_now().
#pragma once

#include <cstdint>
#include <ctime>

namespace tandem::base {

// Nanoseconds since an arbitrary start (boot). 0 means "not set". Comparable between the processes
// of one node.
using MonotonicNs = std::uint64_t;
// Nanoseconds since the Unix epoch (CLOCK_REALTIME), for what people and files see.
using WallNs = std::uint64_t;

constexpr std::uint64_t kNsPerUs = 1'000;
constexpr std::uint64_t kNsPerMs = 1'000'000;
constexpr std::uint64_t kNsPerS = 1'000'000'000;

inline MonotonicNs monotonic_now() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * kNsPerS +
           static_cast<std::uint64_t>(now.tv_nsec);
}

inline WallNs wall_now() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * kNsPerS +
           static_cast<std::uint64_t>(now.tv_nsec);
}

} // namespace tandem::base
