// SPDX-License-Identifier: Apache-2.0
//
// What of the switch's memory is in use: elements of its pools times their size, in two parts, what
// lives and what lingers, and what the rest of the process grew by. Taken between turns.
#pragma once

#include <cstdint>

#include "bench/calls/switch_node.hpp"

namespace tandem::bench {

struct MemoryUse {
    std::uint64_t live_bytes = 0;      // calls, legs, texts, bindings …, live transactions
    std::uint64_t lingering_bytes = 0; // lingering transactions with slots, names and buffers
    std::uint64_t lingering = 0;
    std::uint64_t live_transactions = 0;
    std::uint64_t bindings_bytes = 0; // part of live_bytes
    std::uint64_t process_bytes = 0;  // resident; the pools are populated from the start
};

[[nodiscard]] MemoryUse memory_use(SwitchNode& node);

} // namespace tandem::bench
