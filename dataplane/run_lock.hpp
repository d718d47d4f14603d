// SPDX-License-Identifier: Apache-2.0
//
// One dataplane per run directory, and an epoch that no two lives of a node share. Cold thread, at
// start.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tandem::dataplane {

// Holds "<run directory>/dataplane.lock" until it dies; the kernel lets go when the process does.
class RunLock {
  public:
    // Makes the directory (0755) if it is missing. The error is one sentence.
    [[nodiscard]] static base::Result<RunLock, std::string> take(const std::string& run_directory);
    ~RunLock();
    RunLock(RunLock&& other) noexcept;
    RunLock& operator=(RunLock&&) = delete;
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

  private:
    explicit RunLock(int fd) noexcept : fd_(fd) {}

    int fd_;
};

// The start in seconds, raised above the epoch of the last life, which is kept in
// "<run directory>/dataplane.epoch". Two starts within a second would otherwise make equal
// branches. Needs the lock.
[[nodiscard]] base::Result<std::uint32_t, std::string> next_epoch(const std::string& run_directory,
                                                                  base::WallNs now);

} // namespace tandem::dataplane
