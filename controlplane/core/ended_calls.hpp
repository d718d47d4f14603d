// SPDX-License-Identifier: Apache-2.0
//
// The last calls that ended, newest first: a ring that overwrites its oldest. Core thread only.
#pragma once

#include <cstdint>
#include <memory>

#include "controlplane/core/snapshot.hpp"

namespace tandem::controlplane {

class EndedCalls {
  public:
    explicit EndedCalls(std::uint32_t capacity)
        : ring_(std::make_unique<CallSnapshot[]>(capacity)), // at construction
          capacity_(capacity) {}

    void add(const CallSnapshot& call) {
        ring_[added_ % capacity_] = call;
        ++added_;
    }

    [[nodiscard]] std::uint32_t count() const {
        return static_cast<std::uint32_t>(added_ < capacity_ ? added_ : capacity_);
    }

    // position < count(); 0 is the newest.
    [[nodiscard]] const CallSnapshot& at(std::uint32_t position) const {
        return ring_[(added_ - 1 - position) % capacity_];
    }

  private:
    std::unique_ptr<CallSnapshot[]> ring_;
    std::uint32_t capacity_;
    std::uint64_t added_ = 0;
};

} // namespace tandem::controlplane
