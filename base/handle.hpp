// SPDX-License-Identifier: Apache-2.0
//
// {index, generation} names for pooled objects: what crosses a ring or a delta instead of a
// pointer. A handle whose generation differs from the slot's is stale and is refused, never used.
// The tag keeps handles of different pools apart at compile time.
#pragma once

#include <compare>
#include <cstdint>

namespace tandem::base {

template <typename Tag>
struct Handle {
    std::uint32_t index = 0;
    std::uint32_t generation = 0; // 0 is never given out: a default handle names nothing

    [[nodiscard]] constexpr bool is_set() const { return generation != 0; }

    constexpr auto operator<=>(const Handle&) const = default;

    // One word for records, logs and tables: generation in the upper half.
    [[nodiscard]] constexpr std::uint64_t packed() const {
        return std::uint64_t{generation} << 32U | index;
    }

    [[nodiscard]] static constexpr Handle unpack(std::uint64_t word) {
        return {.index = static_cast<std::uint32_t>(word),
                .generation = static_cast<std::uint32_t>(word >> 32U)};
    }
};

} // namespace tandem::base
