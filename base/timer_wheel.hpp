// SPDX-License-Identifier: Apache-2.0
//
// A hierarchical timer wheel: 1 ms ticks, O(1) arm, cancel and re-arm, no allocation. Nodes lie in
// the objects they belong to. A timer never fires early; timers fire in the order of their
// deadlines rounded up to the tick (one that has passed when it is armed counts as now), and within
// a tick in the order they were armed, so a run with given inputs repeats exactly. It reads no
// clock: the caller gives the time. One thread uses it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/time.hpp"

namespace tandem::base {

// Lies in the object whose timer it is. The owner must cancel it before the object dies; its
// address must not change while it is armed.
class TimerNode {
  public:
    TimerNode() noexcept = default;
    TimerNode(const TimerNode&) = delete;
    TimerNode& operator=(const TimerNode&) = delete;

    // The wheel never reads these: the owner finds its object (say, a packed handle) and the
    // timer's meaning in them when it fires.
    std::uint64_t owner = 0;
    std::uint32_t kind = 0;

    [[nodiscard]] bool is_armed() const noexcept { return next_ != nullptr; }

    // As last given to arm(); meaningful while armed and in the callback.
    [[nodiscard]] MonotonicNs deadline() const noexcept { return deadline_ns_; }

  private:
    friend class TimerWheel;

    static constexpr std::uint16_t kNoSlot = 0xFFFF;

    std::uint16_t slot_ = kNoSlot; // in the wheel; kNoSlot: not armed, or due already
    TimerNode* previous_ = nullptr;
    TimerNode* next_ = nullptr;
    MonotonicNs deadline_ns_ = 0;
};

class TimerWheel {
  public:
    // Time starts at `now`; deadlines up to it are due at the next advance().
    explicit TimerWheel(MonotonicNs now) noexcept;
    TimerWheel(const TimerWheel&) = delete;
    TimerWheel& operator=(const TimerWheel&) = delete;

    // Arms the node, or moves it when it is armed. Any deadline is allowed: one in the past is due
    // at the next advance(), and there is no upper limit.
    void arm(TimerNode& node, MonotonicNs deadline_ns) noexcept;
    // Nothing happens when the node is not armed.
    void cancel(TimerNode& node) noexcept;

    // Fires what is due: on_due(TimerNode&) for each, with the node no longer armed. The callback
    // may arm and cancel any node, this one and other due ones included; what it arms for a time
    // not after `now` fires at the next advance(). Returns how many fired. A `now` before an
    // earlier one counts as that one. The cost is that of what is due, however far time jumps.
    template <typename OnDue>
    std::size_t advance(MonotonicNs now, OnDue&& on_due) {
        collect_due(now);
        std::size_t fired = 0;
        while (TimerNode* node = take_due()) {
            on_due(*node);
            ++fired;
        }
        return fired;
    }

    // The time at which advance() should be called next: never after the first deadline, exact
    // within 64 ms of it, else possibly earlier (the wheel then only sorts itself). Nothing when no
    // timer is armed.
    [[nodiscard]] std::optional<MonotonicNs> next_deadline() const noexcept;

    [[nodiscard]] std::size_t armed_count() const noexcept { return armed_count_; }

  private:
    static constexpr unsigned kSlotBits = 6;
    static constexpr unsigned kSlots = 1U << kSlotBits;
    // 8 levels of 6 bits hold 2^48 ms; 64 bits of nanoseconds are 2^44.1 ms.
    static constexpr unsigned kLevels = 8;

    struct Position {
        std::uint64_t tick; // at which the slot begins
        unsigned level;
        unsigned slot;
    };

    void collect_due(MonotonicNs now) noexcept;
    [[nodiscard]] TimerNode* take_due() noexcept;
    [[nodiscard]] std::optional<Position> first_occupied() const noexcept;
    void place(TimerNode& node) noexcept;
    void unlink(TimerNode& node) noexcept;
    void open_slot(const Position& position) noexcept;

    MonotonicNs now_ns_; // of the last advance()
    std::uint64_t tick_; // the last tick that was collected
    TimerNode overdue_;  // armed for a tick not after tick_
    TimerNode due_;      // collected by the advance() under way
    std::size_t armed_count_ = 0;
    std::array<std::uint64_t, kLevels> occupied_{}; // a bit per slot that is not empty
    std::array<TimerNode, std::size_t{kLevels} * kSlots> slots_;
};

} // namespace tandem::base
