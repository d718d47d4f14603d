// SPDX-License-Identifier: Apache-2.0
//
// Counters of the dataplane in shared memory: a block per writer (each worker, and the main
// thread), plain relaxed stores by that one writer, readable by any process at any time. The rows
// are those of shm/counter_table.hpp. Reading sums the blocks; it never stops a writer.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "shm/counter_table.hpp"

namespace tandem::shm {

enum class CounterKind : std::uint8_t { Drop, Count, Gauge };

enum class CounterId : std::uint16_t {
#define TANDEM_COUNTER_ID(id, name, kind, help) id,
    TANDEM_COUNTER_TABLE(TANDEM_COUNTER_ID)
#undef TANDEM_COUNTER_ID
};

struct CounterRow {
    CounterId id;
    std::string_view name; // snake_case
    CounterKind kind;
    std::string_view help; // no full stop
};

inline constexpr std::array kCounters = {
#define TANDEM_COUNTER_ROW(id, name, kind, help)                                                   \
    CounterRow{CounterId::id, #name, CounterKind::kind, help},
    TANDEM_COUNTER_TABLE(TANDEM_COUNTER_ROW)
#undef TANDEM_COUNTER_ROW
};

inline constexpr std::size_t kCounterCount = kCounters.size();

// Row 17 has id 17, so an id is also the place of its value.
static_assert([] {
    for (std::size_t row = 0; row < kCounterCount; ++row) {
        if (static_cast<std::size_t>(kCounters[row].id) != row) {
            return false;
        }
    }
    return true;
}());

[[nodiscard]] constexpr const CounterRow& counter_row(CounterId id) noexcept {
    return kCounters[static_cast<std::size_t>(id)];
}

[[nodiscard]] std::optional<CounterId> find_counter(std::string_view name) noexcept;

// "drop", "count", "gauge"
[[nodiscard]] std::string_view counter_kind_name(CounterKind kind) noexcept;

using CounterValues = std::array<std::atomic<std::uint64_t>, kCounterCount>;

// A block ends at a multiple of two cache lines, so that no two writers share one.
inline constexpr std::size_t kCounterBlockBytes = (sizeof(CounterValues) + 127) / 128 * 128;

// The block of one writer (Region::counter_block()). A copy names the same block; a default one
// names none and must be assigned before it is used.
class CounterBlock {
  public:
    CounterBlock() noexcept = default;

    explicit CounterBlock(CounterValues* values) noexcept : values_(values) {}

    // The writer only. There is no other, so load and store need not be one operation.
    void add(CounterId id, std::uint64_t amount = 1) noexcept {
        auto& value = at(id);
        // Orders nothing: readers want the number alone.
        value.store(value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }

    // The writer only; for gauges.
    void set(CounterId id, std::uint64_t amount) noexcept {
        at(id).store(amount, std::memory_order_relaxed);
    }

    // Anyone.
    [[nodiscard]] std::uint64_t get(CounterId id) const noexcept {
        return at(id).load(std::memory_order_relaxed);
    }

  private:
    [[nodiscard]] std::atomic<std::uint64_t>& at(CounterId id) const noexcept {
        return (*values_)[static_cast<std::size_t>(id)];
    }

    CounterValues* values_ = nullptr;
};

} // namespace tandem::shm
