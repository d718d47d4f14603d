// SPDX-License-Identifier: Apache-2.0
//
// Atomics whose every access is a step of a schedule (shm/schedule_explorer_for_test.hpp): same
// size and place as the real ones, and the value a load gets is chosen among those the memory model
// allows. Included by shm/atomic.hpp in one test program only.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tandem::shm {

// One word of shared memory, of 4 or 8 bytes.
struct ScheduledPlace {
    void* address = nullptr;
    std::size_t bytes = 0;
};

[[nodiscard]] std::uint64_t scheduled_load(ScheduledPlace place, std::memory_order order) noexcept;
void scheduled_store(ScheduledPlace place, std::uint64_t value, std::memory_order order) noexcept;

template <typename T>
class AtomicRef {
  public:
    explicit AtomicRef(T& value) noexcept : value_(&value) {}

    [[nodiscard]] T load(std::memory_order order = std::memory_order_seq_cst) const noexcept {
        return static_cast<T>(scheduled_load({.address = value_, .bytes = sizeof(T)}, order));
    }

    void store(T value, std::memory_order order = std::memory_order_seq_cst) const noexcept {
        scheduled_store({.address = value_, .bytes = sizeof(T)}, value, order);
    }

  private:
    T* value_;
};

template <typename T>
class Atomic {
  public:
    static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

    constexpr Atomic(T value = 0) noexcept : value_(value) {} // NOLINT(google-explicit-constructor)

    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    [[nodiscard]] T load(std::memory_order order = std::memory_order_seq_cst) const noexcept {
        return AtomicRef<T>(value_).load(order);
    }

    void store(T value, std::memory_order order = std::memory_order_seq_cst) noexcept {
        AtomicRef<T>(value_).store(value, order);
    }

  private:
    mutable T value_;
};

} // namespace tandem::shm
