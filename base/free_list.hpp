// SPDX-License-Identifier: Apache-2.0
//
// FreeList: which of `capacity` places of equal size are free. The list lies beside the places, not
// inside them: taking one reads no memory that was given back long ago, and whoever fills it can
// ask which come next and fetch them ahead. Fixed size, no allocation after construction. One
// thread uses a list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/assert.hpp"
#include "base/huge_memory.hpp"

namespace tandem::base {

class FreeList {
  public:
    FreeList() noexcept = default; // of no places

    // Places 0 to capacity - 1, all free. `owner` (static storage) is for reports. Ends the process
    // when the memory cannot be had, so construct at start.
    FreeList(const char* owner, std::uint32_t capacity, PageChoice pages) noexcept
        : capacity_(capacity), memory_(HugeMemory::allocate_or_exit(
                                   owner, std::size_t{capacity} * sizeof(std::uint32_t), pages)),
          given_back_(reinterpret_cast<std::uint32_t*>(memory_.bytes().data())) {}

    // The place given back last, or else one that was never used; nullopt: all are taken.
    [[nodiscard]] std::optional<std::uint32_t> take() noexcept {
        if (given_back_count_ > 0) {
            return given_back_[--given_back_count_];
        }
        if (touched_ < capacity_) {
            return touched_++;
        }
        return std::nullopt;
    }

    // Frees a place that was taken.
    void give(std::uint32_t place) noexcept {
        TANDEM_ASSERT(place < touched_ && given_back_count_ < touched_);
        given_back_[given_back_count_++] = place;
    }

    // The place that the take() after `takes` others will give, as far as it is one given back.
    [[nodiscard]] std::optional<std::uint32_t> coming(std::uint32_t takes) const noexcept {
        return takes < given_back_count_ ? std::optional(given_back_[given_back_count_ - 1 - takes])
                                         : std::nullopt;
    }

    [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }

    [[nodiscard]] std::uint32_t used() const noexcept { return touched_ - given_back_count_; }

  private:
    std::uint32_t capacity_ = 0;
    std::uint32_t touched_ = 0; // from here on never used and in no list
    std::uint32_t given_back_count_ = 0;
    HugeMemory memory_;
    std::uint32_t* given_back_ = nullptr;
};

} // namespace tandem::base
