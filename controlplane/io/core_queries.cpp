// SPDX-License-Identifier: Apache-2.0
//
// The hand-over of a query and its end. The core thread takes the lock only when somebody asked,
// and holds it while the query runs, so that a caller that gives up cannot take the query away
// from under it.
#include "controlplane/io/core_queries.hpp"

#include <chrono>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.hpp"

namespace tandem::controlplane {

namespace {

constexpr std::chrono::seconds kPatience{1};

} // namespace

CoreQueries::CoreQueries() : event_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    TANDEM_ASSERT(event_fd_ >= 0);
}

CoreQueries::~CoreQueries() {
    ::close(event_fd_);
}

bool CoreQueries::run(const CoreQuery& query) {
    const std::lock_guard one_caller(callers_);
    std::unique_lock lock(mutex_);
    query_ = &query;
    asked_.store(true, std::memory_order_release);
    const std::uint64_t one = 1;
    const auto written = ::write(event_fd_, &one, sizeof one);
    static_cast<void>(written); // a full counter wakes the core as well
    const bool done = changed_.wait_for(lock, kPatience, [&] { return query_ == nullptr; });
    query_ = nullptr;
    return done;
}

void CoreQueries::serve(const Core& core, const Now& now) {
    // Acquire: sees the query that was announced.
    if (!asked_.load(std::memory_order_acquire)) {
        return;
    }
    asked_.store(false, std::memory_order_relaxed);
    std::uint64_t drained = 0;
    const auto bytes = ::read(event_fd_, &drained, sizeof drained);
    static_cast<void>(bytes);
    {
        const std::lock_guard lock(mutex_);
        if (query_ != nullptr) {
            (*query_)(core, now);
            query_ = nullptr;
        }
    }
    changed_.notify_one();
}

} // namespace tandem::controlplane
