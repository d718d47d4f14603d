// SPDX-License-Identifier: Apache-2.0
//
// Names of counters for people: commands look a counter up by name. Cold.
#include "shm/counters.hpp"

namespace tandem::shm {

std::optional<CounterId> find_counter(std::string_view name) noexcept {
    for (const auto& row : kCounters) {
        if (row.name == name) {
            return row.id;
        }
    }
    return std::nullopt;
}

std::string_view counter_kind_name(CounterKind kind) noexcept {
    switch (kind) {
    case CounterKind::Drop:
        return "drop";
    case CounterKind::Count:
        return "count";
    case CounterKind::Gauge:
        return "gauge";
    }
    return "unknown";
}

} // namespace tandem::shm
