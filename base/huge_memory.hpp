// SPDX-License-Identifier: Apache-2.0
//
// Memory for pools and tables: mapped once at start, zeroed, populated, on huge pages when the
// system has them (hugetlb, else transparent), so that a hot thread never faults and rarely misses
// the TLB. It never grows and never returns a part. Called at start only, by any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.hpp"

namespace tandem::base {

// Huge: reserved huge pages (MAP_HUGETLB), else as Transparent. Transparent: ordinary pages, with
// MADV_HUGEPAGE from one huge page upwards. What a process does not need fast should not take the
// reserved pages away from the dataplane.
enum class PageChoice : std::uint8_t { Huge, Transparent };

// What was got in the end; for status reports.
enum class PageKind : std::uint8_t { Huge, Transparent, Small };

class HugeMemory {
  public:
    HugeMemory() noexcept = default; // owns nothing
    ~HugeMemory();
    HugeMemory(HugeMemory&& other) noexcept;
    HugeMemory& operator=(HugeMemory&& other) noexcept;
    HugeMemory(const HugeMemory&) = delete;
    HugeMemory& operator=(const HugeMemory&) = delete;

    // At least `bytes` (> 0) of zeroed memory, aligned to a page; the error is errno.
    static Result<HugeMemory, int> allocate(std::size_t bytes, PageChoice choice) noexcept;
    // The same for what a process cannot live without: says on standard error who (`owner`) wanted
    // how much, and ends the process with status 1. For the start of a process only.
    static HugeMemory
    allocate_or_exit(const char* owner, std::size_t bytes, PageChoice choice) noexcept;

    // Valid until this object dies or is moved from; a whole number of pages.
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return {data_, size_bytes_}; }

    [[nodiscard]] PageKind kind() const noexcept { return kind_; }

  private:
    HugeMemory(std::byte* data, std::size_t size_bytes, PageKind kind) noexcept
        : data_(data), size_bytes_(size_bytes), kind_(kind) {}

    std::byte* data_ = nullptr;
    std::size_t size_bytes_ = 0;
    PageKind kind_ = PageKind::Small;
};

} // namespace tandem::base
