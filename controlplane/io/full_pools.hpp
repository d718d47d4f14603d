// SPDX-License-Identifier: Apache-2.0
//
// Says in the log which pool of the core is full, at most once a second, on the main thread. It
// looks at the core's counters, so the core itself neither logs nor knows that somebody does.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "controlplane/io/core_thread.hpp"

namespace tandem::controlplane {

class FullPools {
  public:
    // Call about once a second.
    void report(CoreThread& thread);

  private:
    std::map<std::string, std::uint64_t> reported_; // refusals by pool, as last reported
};

} // namespace tandem::controlplane
