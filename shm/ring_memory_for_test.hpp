// SPDX-License-Identifier: Apache-2.0
//
// A ring in ordinary memory, for tests of this room that need no region.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "shm/ring.hpp"

namespace tandem::shm {

class RingMemoryForTest {
  public:
    explicit RingMemoryForTest(std::size_t capacity_bytes)
        : words_(capacity_bytes / 8), cursors_(std::make_unique<RingCursors>()) {}

    RingMemory memory() {
        return {.cursors = cursors_.get(),
                .data = reinterpret_cast<std::byte*>(words_.data()),
                .capacity_bytes = words_.size() * 8};
    }

    RingCursors& cursors() { return *cursors_; }

    std::uint64_t& word(std::size_t offset_bytes) { return words_[offset_bytes / 8]; }

  private:
    std::vector<std::uint64_t> words_;
    std::unique_ptr<RingCursors> cursors_;
};

} // namespace tandem::shm
