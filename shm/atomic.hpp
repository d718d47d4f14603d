// SPDX-License-Identifier: Apache-2.0
//
// The atomics of cursors, record headers and the lines of the attach handshake: those of the
// standard library, under a name of our own, so that the test of all schedules can build the very
// same sources over atomics it steps one by one (shm/scheduled_atomic_for_test.hpp). Nothing else
// may define the macro.
#pragma once

#ifdef TANDEM_SHM_SCHEDULED_ATOMICS
#include "shm/scheduled_atomic_for_test.hpp"
#else

#include <atomic>

namespace tandem::shm {

template <typename T>
using Atomic = std::atomic<T>;

template <typename T>
using AtomicRef = std::atomic_ref<T>;

} // namespace tandem::shm

#endif
