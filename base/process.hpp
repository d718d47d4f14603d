// SPDX-License-Identifier: Apache-2.0
//
// What a process tells of itself in status reports, and how it watches another one (pidfd). System
// calls, cold threads only.
#pragma once

#include <cstdint>
#include <sys/types.h>

#include "base/result.hpp"

namespace tandem::base {

struct ProcessUsage {
    std::uint64_t resident_bytes = 0; // huge pages of hugetlb are not part of it
    std::uint64_t resident_peak_bytes = 0;
    std::uint64_t user_cpu_ns = 0; // since the start of the process, all threads
    std::uint64_t system_cpu_ns = 0;
};

// Of the calling process; fields that cannot be read are 0.
[[nodiscard]] ProcessUsage process_usage() noexcept;

// CPU time of the calling thread (user and system), ns.
[[nodiscard]] std::uint64_t thread_cpu_ns() noexcept;

// A descriptor that becomes readable when the process ends; owned by the caller. Error: errno.
[[nodiscard]] Result<int, int> open_pidfd(pid_t pid) noexcept;
// Whether the process behind a pidfd has ended.
[[nodiscard]] bool has_ended(int pidfd) noexcept;

} // namespace tandem::base
