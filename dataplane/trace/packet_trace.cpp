// SPDX-License-Identifier: Apache-2.0
//
// Picking, following and noting. The clock is read for each note, so only while a trace runs.
#include "dataplane/trace/packet_trace.hpp"

#include <algorithm>

#include "dataplane/trace/glimpse.hpp"
#include "transaction/layer.hpp"

namespace tandem::dataplane::trace {

namespace {

// 0 is no number.
shm::TraceNumber behind(shm::TraceNumber number) noexcept {
    return number == 0xffff ? shm::TraceNumber{1} : static_cast<shm::TraceNumber>(number + 1);
}

bool fits(const Filter& filter, const Glimpse& seen) noexcept {
    const bool address = filter.address.value == 0 || seen.source.address == filter.address ||
                         seen.destination.address == filter.address;
    return address && seen.payload.starts_with(filter.get_prefix());
}

} // namespace

bool TraceDesk::post(const Order& order) noexcept {
    if (!is_taken()) {
        return false;
    }
    order_ = order;
    // Release: the order is written.
    posted_.store(posted_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    return true;
}

bool TraceDesk::is_taken() const noexcept {
    // Acquire: the worker has read the order and written the status.
    return taken_.load(std::memory_order_acquire) == posted_.load(std::memory_order_relaxed);
}

Status TraceDesk::status() const noexcept {
    Status status = status_;
    status.phase = phase_.load(std::memory_order_relaxed);
    status.picked = picked_.load(std::memory_order_relaxed);
    return status;
}

void TraceDesk::take(const Status& status) noexcept {
    status_ = status;
    tell(status.phase, status.picked);
    // Release: the status is written.
    taken_.store(posted_.load(std::memory_order_relaxed), std::memory_order_release);
}

void TraceDesk::tell(Phase phase, std::uint32_t picked) noexcept {
    phase_.store(phase, std::memory_order_relaxed);
    picked_.store(picked, std::memory_order_relaxed);
}

void PacketTrace::follow(transaction::Layer& layer, base::MonotonicNs now) noexcept {
    current_ = 0;
    now_ = now;
    if (const Order* const order = desk_.waiting()) {
        take(*order, now);
        desk_.take(status_);
        layer.watch(is_on_ ? this : nullptr);
    } else if (is_on_ && end_at_ != 0 && now >= end_at_) {
        end();
        layer.watch(nullptr);
    }
}

void PacketTrace::take(const Order& order, base::MonotonicNs now) noexcept {
    if (order.packets == 0) {
        end();
        return;
    }
    status_ = {.phase = Phase::Picking,
               .session = status_.session + 1,
               .first = next_,
               .picked = 0,
               .wanted = std::min(order.packets, shm::kTracePacketsMax),
               .filter = order.filter};
    writer_.enter(status_.session);
    end_at_ = 0;
    now_ = now;
    is_on_ = true;
}

void PacketTrace::end() noexcept {
    is_on_ = false;
    if (status_.phase != Phase::Off) {
        status_.phase = Phase::Ended;
    }
    desk_.tell(status_.phase, status_.picked);
}

// Numbers of a session are those from `first` on, round and round.
bool PacketTrace::is_ours(shm::TraceNumber number) const noexcept {
    if (number == 0 || !is_on_) {
        return false;
    }
    const bool is_round = number < status_.first;
    const std::uint32_t place = std::uint32_t{number} - status_.first + (is_round ? 0xffffU : 0U);
    return place < status_.picked;
}

shm::TraceNumber PacketTrace::pick(std::span<const std::uint8_t> frame,
                                   std::uint16_t port) noexcept {
    current_ = 0;
    const Glimpse seen = glimpse(frame);
    if (status_.phase != Phase::Picking || !fits(status_.filter, seen)) {
        return 0;
    }
    current_ = next_;
    next_ = behind(next_);
    ++status_.picked;
    if (status_.picked == status_.wanted || writer_.is_full()) {
        status_.phase = Phase::Following;
        end_at_ = now_ + kFollowNs;
    }
    desk_.tell(status_.phase, status_.picked);
    stage_ = base::Stage::Rx;
    shm::TraceNote note;
    note.kind = shm::TraceKind::Arrived;
    note.remote = seen.source;
    note.local = seen.destination;
    note.port = port;
    note.set_text(seen.payload);
    write(note);
    return current_;
}

void PacketTrace::visited(base::Stage stage) noexcept {
    if (current_ == 0) {
        return;
    }
    stage_ = stage;
    shm::TraceNote note;
    note.kind = shm::TraceKind::Visited;
    write(note);
}

void PacketTrace::counted(shm::CounterId counter) noexcept {
    if (current_ == 0) {
        return;
    }
    shm::TraceNote note;
    note.kind = shm::TraceKind::Counted;
    note.counter = static_cast<std::uint16_t>(counter);
    write(note);
}

void PacketTrace::sent(base::Stage stage,
                       const transaction::Flow& flow,
                       std::string_view payload) noexcept {
    if (current_ == 0) {
        return;
    }
    stage_ = stage;
    shm::TraceNote note;
    note.kind = shm::TraceKind::Sent;
    note.remote = flow.remote;
    note.local = flow.local;
    note.set_text(payload);
    write(note);
}

void PacketTrace::write(shm::TraceNote& note) noexcept {
    note.time_ns = base::monotonic_now();
    note.number = current_;
    note.stage = stage_;
    (void)writer_.write(note); // a full list counts what it lost
}

} // namespace tandem::dataplane::trace
