// SPDX-License-Identifier: Apache-2.0
//
// How a hot thread gets a line into the log without writing one: it raises a notice (one atomic
// addition), and a cold thread polls the board and logs each raised notice at most once a second,
// with how often it was raised: "pool calls is full (12 times)". Slots are added at start.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.hpp"

namespace tandem::base {

// Names a notice of one board.
struct NoticeId {
    std::uint32_t slot = 0;
};

constexpr std::size_t kNoticesMax = 128; // pools, tables and rings of one process
constexpr std::size_t kNoticeTextBytesMax = 95;

class NoticeBoard {
  public:
    NoticeBoard() noexcept = default;
    NoticeBoard(const NoticeBoard&) = delete;
    NoticeBoard& operator=(const NoticeBoard&) = delete;

    // At start, before other threads raise or poll. The text is copied and cut to
    // kNoticeTextBytesMax. The same text gives the same notice. Adding more than kNoticesMax is a
    // bug of the caller and ends the process.
    NoticeId add(std::string_view text) noexcept;

    // Any thread; one relaxed atomic addition.
    void raise(NoticeId id, std::uint64_t times = 1) noexcept {
        // Orders nothing: the count is all there is to see.
        slots_[id.slot].raised.fetch_add(times, std::memory_order_relaxed);
    }

    // The cold thread, as often as it likes: report(text, times since the last report) for each
    // notice that was raised and not reported within the last second.
    template <typename Report>
    void poll(MonotonicNs now, Report&& report) {
        for (std::size_t slot = 0; slot < count_; ++slot) {
            if (const std::uint64_t times = take(slot, now); times > 0) {
                report(std::string_view(slots_[slot].text.data(), slots_[slot].text_bytes), times);
            }
        }
    }

    // How often a notice was raised in all.
    [[nodiscard]] std::uint64_t raised(NoticeId id) const noexcept {
        return slots_[id.slot].raised.load(std::memory_order_relaxed);
    }

  private:
    struct alignas(64) Slot {
        std::atomic<std::uint64_t> raised = 0; // any thread: add; cold thread: read
        std::uint64_t reported = 0;            // cold thread
        MonotonicNs next_report_ns = 0;        // cold thread
        std::size_t text_bytes = 0;
        std::array<char, kNoticeTextBytesMax> text{};
    };

    // What is to be reported of this slot now: 0 or the times since the last report.
    std::uint64_t take(std::size_t slot, MonotonicNs now) noexcept;

    std::array<Slot, kNoticesMax> slots_;
    std::size_t count_ = 0;
};

} // namespace tandem::base
