// SPDX-License-Identifier: Apache-2.0
//
// The two tables of the attach handshake, and the links that turn what stands in the lines of the
// region into events of the machines and their actions into stores.
#include "shm/attach.hpp"

#include <array>

#include "base/assert.hpp"

namespace tandem::shm {

namespace {

using WS = WorkerState;
using WA = WorkerAction;

// Rows: state; columns: Requested, Confirmed, Lost, Corrupt. As drawn in the header.
constexpr std::array<std::array<WorkerStep, 4>, 3> kWorkerTable{{
    {{{WS::Granted, WA::Grant},
      {WS::Detached, WA::None},
      {WS::Detached, WA::None},
      {WS::Detached, WA::None}}},
    {{{WS::Granted, WA::Grant},
      {WS::Attached, WA::Open},
      {WS::Detached, WA::Withdraw},
      {WS::Granted, WA::None}}},
    {{{WS::Detached, WA::Close},
      {WS::Attached, WA::None},
      {WS::Detached, WA::Close},
      {WS::Detached, WA::Close}}},
}};

using CS = CoreState;
using CA = CoreAction;

// Rows: state; columns: Begin, Granted, Revoked, Corrupt. As drawn in the header.
constexpr std::array<std::array<CoreStep, 4>, 3> kCoreTable{{
    {{{CS::Requested, CA::Request},
      {CS::Idle, CA::None},
      {CS::Idle, CA::None},
      {CS::Idle, CA::None}}},
    {{{CS::Requested, CA::None},
      {CS::Attached, CA::Confirm},
      {CS::Requested, CA::None},
      {CS::Requested, CA::None}}},
    {{{CS::Attached, CA::None},
      {CS::Attached, CA::None},
      {CS::Requested, CA::Request},
      {CS::Requested, CA::Request}}},
}};

} // namespace

WorkerStep step(WorkerState state, WorkerEvent event) noexcept {
    return kWorkerTable[static_cast<std::size_t>(state)][static_cast<std::size_t>(event)];
}

CoreStep step(CoreState state, CoreEvent event) noexcept {
    return kCoreTable[static_cast<std::size_t>(state)][static_cast<std::size_t>(event)];
}

WorkerLink::WorkerLink(const Region& region, std::size_t worker) noexcept
    : dataplane_(&region.dataplane_line()), request_(&region.attach_request(worker)),
      grant_(&region.attach_grant(worker)), events_(region.event_ring(worker)),
      commands_(region.command_ring(worker)) {}

LinkChange WorkerLink::poll() noexcept {
    // Acquire: with the change of the pid, what the main thread did about it before.
    if (dataplane_->controlplane_pid.load(std::memory_order_acquire) == 0) {
        return state_ == WorkerState::Detached ? LinkChange::None
                                               : act(step(state_, WorkerEvent::Lost));
    }
    if (state_ == WorkerState::Attached && (events_.is_corrupt() || commands_.is_corrupt())) {
        ++corrupt_count_;
        grant_->rings_found_corrupt.store(corrupt_count_, std::memory_order_relaxed);
        return act(step(state_, WorkerEvent::Corrupt));
    }
    // Acquire: the core has stopped using the rings.
    const std::uint64_t requested = request_->requested.load(std::memory_order_acquire);
    if (requested != handled_) {
        return act(step(state_, WorkerEvent::Requested));
    }
    // Acquire: the core's cursors are reset.
    if (state_ == WorkerState::Granted &&
        request_->confirmed.load(std::memory_order_acquire) == handled_) {
        return act(step(state_, WorkerEvent::Confirmed));
    }
    return LinkChange::None;
}

LinkChange WorkerLink::act(WorkerStep step) noexcept {
    state_ = step.state;
    switch (step.action) {
    case WorkerAction::None:
        return LinkChange::None;
    case WorkerAction::Grant:
        handled_ = request_->requested.load(std::memory_order_acquire);
        events_.reset();
        commands_.reset();
        // Release: our cursors are reset before the core sees the number.
        grant_->granted.store(handled_, std::memory_order_release);
        return LinkChange::None;
    case WorkerAction::Open:
        return LinkChange::Opened;
    case WorkerAction::Withdraw:
        grant_->granted.store(0, std::memory_order_release);
        return LinkChange::None;
    case WorkerAction::Close:
        // Release: what we wrote before is written; the core starts anew when it sees this.
        grant_->granted.store(0, std::memory_order_release);
        return LinkChange::Closed;
    }
    return LinkChange::None;
}

void WorkerLink::beat(base::MonotonicNs now) noexcept {
    ++loops_;
    grant_->heartbeat_ns.store(now, std::memory_order_relaxed);
    grant_->loops.store(loops_, std::memory_order_relaxed);
}

CoreLink::CoreLink(const Region& region, std::size_t worker) noexcept
    : request_(&region.attach_request(worker)), grant_(&region.attach_grant(worker)),
      events_(region.event_ring(worker)), commands_(region.command_ring(worker)),
      // Our predecessor's last number: ours must differ from it.
      number_(request_->requested.load(std::memory_order_relaxed)) {}

LinkChange CoreLink::poll() noexcept {
    if (state_ == CoreState::Idle) {
        return act(step(state_, CoreEvent::Begin));
    }
    if (state_ == CoreState::Attached && (events_.is_corrupt() || commands_.is_corrupt())) {
        ++corrupt_count_;
        return act(step(state_, CoreEvent::Corrupt));
    }
    // Acquire: the worker's cursors are reset.
    const bool granted = grant_->granted.load(std::memory_order_acquire) == number_;
    if (granted != (state_ == CoreState::Attached)) {
        return act(step(state_, granted ? CoreEvent::Granted : CoreEvent::Revoked));
    }
    return LinkChange::None;
}

LinkChange CoreLink::act(CoreStep step) noexcept {
    const bool was_open = is_open();
    state_ = step.state;
    switch (step.action) {
    case CoreAction::None:
        return LinkChange::None;
    case CoreAction::Request:
        number_ = number_ + 1 == 0 ? 1 : number_ + 1;
        // Release: we have stopped using the rings.
        request_->requested.store(number_, std::memory_order_release);
        return was_open ? LinkChange::Closed : LinkChange::None;
    case CoreAction::Confirm:
        events_.reset();
        commands_.reset();
        // Release: our cursors are reset before the worker sees the number.
        request_->confirmed.store(number_, std::memory_order_release);
        return LinkChange::Opened;
    }
    return LinkChange::None;
}

} // namespace tandem::shm
