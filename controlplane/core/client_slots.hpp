// SPDX-License-Identifier: Apache-2.0
//
// The free list of client transactions the dataplane gave us, used first in first out so that a
// slot rests as long as possible. Void with the dataplane that gave it. Core thread only.
#pragma once

#include <cstdint>
#include <memory>

#include "transaction/names.hpp"

namespace tandem::controlplane {

class ClientSlots {
  public:
    explicit ClientSlots(std::uint32_t capacity)
        : ring_(std::make_unique<transaction::ClientHandle[]>(capacity)), // at construction
          capacity_(capacity) {}

    // False when there is no room: the dataplane gave more than it can have.
    bool give(transaction::ClientHandle slot) noexcept {
        if (count_ == capacity_ || !slot.is_set()) {
            return false;
        }
        ring_[(first_ + count_) % capacity_] = slot;
        ++count_;
        return true;
    }

    // A handle that is not set when there is none.
    [[nodiscard]] transaction::ClientHandle take() noexcept {
        if (count_ == 0) {
            return {};
        }
        const auto slot = ring_[first_];
        first_ = (first_ + 1) % capacity_;
        --count_;
        return slot;
    }

    // position < count(); 0 is the next that take() gives.
    [[nodiscard]] transaction::ClientHandle at(std::uint32_t position) const noexcept {
        return ring_[(first_ + position) % capacity_];
    }

    void clear() noexcept { count_ = 0; }

    [[nodiscard]] std::uint32_t count() const noexcept { return count_; }

    [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }

  private:
    std::unique_ptr<transaction::ClientHandle[]> ring_;
    std::uint32_t capacity_;
    std::uint32_t first_ = 0;
    std::uint32_t count_ = 0;
};

} // namespace tandem::controlplane
