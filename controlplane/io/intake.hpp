// SPDX-License-Identifier: Apache-2.0
//
// Records of the event ring as inputs of the core. The dataplane is hostile input: what does not
// read is counted and released. Core thread only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/io/core_trace.hpp"
#include "shm/read_record.hpp"

namespace tandem::controlplane {

struct IntakeCounts {
    std::uint64_t records = 0;
    std::uint64_t unreadable = 0; // refused by shm::EventReader
};

class Intake {
  public:
    // The oldest record as an input, or nothing when the ring is empty. Views live until release().
    // `trace` learns which record is at hand.
    [[nodiscard]] std::optional<Input> next(shm::RingConsumer& ring, CoreTrace& trace);
    void release(shm::RingConsumer& ring);

    [[nodiscard]] const IntakeCounts& counts() const { return counts_; }

  private:
    [[nodiscard]] Input input_of(const shm::EventView& view);

    shm::EventReader reader_;
    std::array<transaction::ClientHandle, shm::kSlotsPerRecordMax> slots_{};
    IntakeCounts counts_;
};

} // namespace tandem::controlplane
