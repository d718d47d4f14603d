// SPDX-License-Identifier: Apache-2.0
//
// Which counters also deserve a line in the log: pools, queues and rings that are full. The worker
// raises a notice, the cold thread writes at most one line a second for each (base/notice_board).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/notice_board.hpp"
#include "shm/counters.hpp"

namespace tandem::dataplane {

inline constexpr std::array kNoticedCounters = {
    shm::CounterId::PoolFullServer,
    shm::CounterId::PoolFullClient,
    shm::CounterId::PoolFullBytes,
    shm::CounterId::PoolFullFrames,
    shm::CounterId::PoolFullLingering,
    shm::CounterId::PoolFullForks,
    shm::CounterId::PoolFullRefusals,
    shm::CounterId::RingFullRequest,
    shm::CounterId::RingFullResponse,
    shm::CounterId::RingFullCancel,
    shm::CounterId::RingFullAck,
    shm::CounterId::RingFullOther,
    shm::CounterId::NeighbourQueueFull,
    shm::CounterId::ArpConflicts,
};

static_assert(kNoticedCounters.size() <= base::kNoticesMax);

// Place in kNoticedCounters, or its size.
constexpr std::size_t notice_of(shm::CounterId counter) noexcept {
    std::size_t place = 0;
    while (place < kNoticedCounters.size() && kNoticedCounters[place] != counter) {
        ++place;
    }
    return place;
}

// The board and the ids of kNoticedCounters on it. Built once at start.
class Notices {
  public:
    Notices() noexcept {
        for (std::size_t i = 0; i < kNoticedCounters.size(); ++i) {
            ids_[i] = board_.add(shm::counter_row(kNoticedCounters[i]).help);
        }
    }

    // Worker. `place` as notice_of() gave it.
    void raise(std::size_t place) noexcept { board_.raise(ids_[place]); }

    // Cold thread.
    [[nodiscard]] base::NoticeBoard& board() noexcept { return board_; }

  private:
    base::NoticeBoard board_;
    std::array<base::NoticeId, kNoticedCounters.size()> ids_{};
};

} // namespace tandem::dataplane
