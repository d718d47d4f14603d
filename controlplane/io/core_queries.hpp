// SPDX-License-Identifier: Apache-2.0
//
// How another thread looks into the core: it hands over a piece of work, the core thread runs it
// between two steps, and the caller waits for the end or gives up after a second. The core thread
// pays one relaxed load per loop while nobody asks. The work sees a core at rest; it may read
// anything and must not step it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "controlplane/core/core.hpp"

namespace tandem::controlplane {

using CoreQuery = std::function<void(const Core& core, const Now& now)>;

class CoreQueries {
  public:
    CoreQueries();
    ~CoreQueries();
    CoreQueries(const CoreQueries&) = delete;
    CoreQueries& operator=(const CoreQueries&) = delete;

    // Any thread but the core's. False: the core thread did not come by within a second; the query
    // was not and will not be run.
    [[nodiscard]] bool run(const CoreQuery& query);

    // The core thread, once per loop.
    void serve(const Core& core, const Now& now);

    // Readable when somebody asks, for the core's sleep; serve() drains it.
    [[nodiscard]] int poll_fd() const { return event_fd_; }

  private:
    int event_fd_ = -1;
    // Set with release by run() behind the query it announces, read by serve().
    std::atomic<bool> asked_ = false;
    std::mutex mutex_; // guards what is below
    std::condition_variable changed_;
    const CoreQuery* query_ = nullptr; // of the caller that waits; null: none, or done
    std::mutex callers_;               // one caller at a time
};

} // namespace tandem::controlplane
