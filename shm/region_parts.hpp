// SPDX-License-Identifier: Apache-2.0
//
// The parts of a region as a list: the creator lays them out one behind the other, the attaching
// side checks that each is aligned, inside the region and on nobody else's bytes. Cold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "shm/layout.hpp"
#include "shm/region.hpp"

namespace tandem::shm {

struct RegionPart {
    std::string_view name;
    std::uint16_t worker = 0; // meaningful for the parts each worker has
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

// Header, two lines, counters; and per worker two lines, two cursors, two rings, notes,
// traces.
constexpr std::size_t kRegionPartsMax = 4 + 8 * kWorkersMax;

struct RegionParts {
    std::array<RegionPart, kRegionPartsMax> rows;
    std::size_t count = 0;

    [[nodiscard]] std::span<const RegionPart> list() const noexcept { return {rows.data(), count}; }
};

// In the order they are laid out. facts.worker_count <= kWorkersMax.
[[nodiscard]] RegionParts parts_of(const RegionFacts& facts) noexcept;

// Fills in every offset and the total; options must be acceptable (options_are_good).
[[nodiscard]] RegionFacts lay_out(const RegionOptions& options) noexcept;
[[nodiscard]] bool options_are_good(const RegionOptions& options) noexcept;

// Everything about a header's facts that can be wrong, given the size of the file.
[[nodiscard]] std::optional<AttachError> find_fault(const RegionFacts& facts,
                                                    std::uint64_t file_bytes) noexcept;

} // namespace tandem::shm
