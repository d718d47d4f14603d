// SPDX-License-Identifier: Apache-2.0
//
// Places nodes by the highest group of six bits in which their tick differs from the present one:
// that group is the level, its value the slot. So a level only holds slots after the present one,
// the first occupied slot of the lowest occupied level is the next to open, and nodes of one tick
// always share a slot, which keeps them in the order they were armed.
#include "base/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace tandem::base {

namespace {

constexpr std::uint64_t kTickNs = kNsPerMs;

// The first tick that does not begin before the deadline, so nothing fires early.
constexpr std::uint64_t tick_of(MonotonicNs deadline_ns) noexcept {
    return deadline_ns / kTickNs + (deadline_ns % kTickNs != 0 ? 1 : 0);
}

} // namespace

TimerWheel::TimerWheel(MonotonicNs now) noexcept : now_ns_(now), tick_(now / kTickNs) {
    const auto make_empty = [](TimerNode& list) {
        list.previous_ = &list;
        list.next_ = &list;
    };
    make_empty(overdue_);
    make_empty(due_);
    std::ranges::for_each(slots_, make_empty);
}

void TimerWheel::arm(TimerNode& node, MonotonicNs deadline_ns) noexcept {
    if (node.is_armed()) {
        unlink(node);
    } else {
        ++armed_count_;
    }
    node.deadline_ns_ = deadline_ns;
    place(node);
}

void TimerWheel::cancel(TimerNode& node) noexcept {
    if (node.is_armed()) {
        unlink(node);
        --armed_count_;
    }
}

void TimerWheel::place(TimerNode& node) noexcept {
    const std::uint64_t tick = tick_of(node.deadline_ns_);
    TimerNode* list = &overdue_;
    node.slot_ = TimerNode::kNoSlot;
    if (tick > tick_ && node.deadline_ns_ > now_ns_) {
        const auto highest_bit = static_cast<unsigned>(std::bit_width(tick ^ tick_)) - 1;
        const unsigned level = std::min(highest_bit / kSlotBits, kLevels - 1);
        const std::uint64_t slot = tick >> (level * kSlotBits) & (kSlots - 1);
        occupied_[level] |= std::uint64_t{1} << slot;
        node.slot_ = static_cast<std::uint16_t>(std::uint64_t{level} * kSlots + slot);
        list = &slots_[node.slot_];
    }
    node.previous_ = list->previous_;
    node.next_ = list;
    list->previous_->next_ = &node;
    list->previous_ = &node;
}

void TimerWheel::unlink(TimerNode& node) noexcept {
    node.previous_->next_ = node.next_;
    node.next_->previous_ = node.previous_;
    node.previous_ = nullptr;
    node.next_ = nullptr;
    if (node.slot_ != TimerNode::kNoSlot) {
        const TimerNode& list = slots_[node.slot_];
        if (list.next_ == &list) {
            occupied_[node.slot_ / kSlots] &= ~(std::uint64_t{1} << node.slot_ % kSlots);
        }
        node.slot_ = TimerNode::kNoSlot;
    }
}

std::optional<TimerWheel::Position> TimerWheel::first_occupied() const noexcept {
    for (unsigned level = 0; level < kLevels; ++level) {
        if (occupied_[level] != 0) {
            const auto slot = static_cast<unsigned>(std::countr_zero(occupied_[level]));
            const unsigned shift = level * kSlotBits;
            const std::uint64_t above = tick_ >> (shift + kSlotBits) << (shift + kSlotBits);
            return Position{
                .tick = above | std::uint64_t{slot} << shift, .level = level, .slot = slot};
        }
    }
    return std::nullopt;
}

// Moves the nodes of a slot that begins at tick_: those of this very tick are due, the others go
// down the levels, both in their order.
void TimerWheel::open_slot(const Position& position) noexcept {
    TimerNode& list = slots_[std::size_t{position.level} * kSlots + position.slot];
    while (list.next_ != &list) {
        TimerNode& node = *list.next_;
        unlink(node);
        place(node);
    }
}

void TimerWheel::collect_due(MonotonicNs now) noexcept {
    const std::uint64_t now_tick = std::max(now / kTickNs, tick_);
    for (auto next = first_occupied(); next && next->tick <= now_tick; next = first_occupied()) {
        tick_ = next->tick;
        open_slot(*next);
    }
    tick_ = now_tick;
    now_ns_ = std::max(now, now_ns_);
    if (overdue_.next_ != &overdue_) {
        due_.previous_->next_ = overdue_.next_;
        overdue_.next_->previous_ = due_.previous_;
        due_.previous_ = overdue_.previous_;
        overdue_.previous_->next_ = &due_;
        overdue_.next_ = &overdue_;
        overdue_.previous_ = &overdue_;
    }
}

TimerNode* TimerWheel::take_due() noexcept {
    if (due_.next_ == &due_) {
        return nullptr;
    }
    TimerNode* node = due_.next_;
    unlink(*node);
    --armed_count_;
    return node;
}

std::optional<MonotonicNs> TimerWheel::next_deadline() const noexcept {
    if (overdue_.next_ != &overdue_ || due_.next_ != &due_) {
        return now_ns_;
    }
    const auto next = first_occupied();
    if (!next) {
        return std::nullopt;
    }
    return next->tick * kTickNs;
}

} // namespace tandem::base
