// SPDX-License-Identifier: Apache-2.0
//
// The attach handshake: how a control plane that comes (or comes back) and a worker agree that both
// have emptied the rings and may use them. Two machines, one per side, each a pure step over a
// table, and the links that drive them over the lines of the region. No clock, no sockets, no
// waiting: each side polls in its loop. A third party (the hand-over) tells the worker through
// DataplaneLine whether a control plane is alive at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "shm/layout.hpp"
#include "shm/region.hpp"
#include "shm/ring.hpp"

namespace tandem::shm {

// The worker's side.
//
//               Requested               Confirmed
//   Detached ───────────────▶ Granted ─────────────▶ Attached
//      ▲                      │  ▲ │ Requested          │
//      │         Lost         │  └─┘                    │
//      ├──────────────────────┘      Lost, Corrupt,     │
//      └─────────────────────────────Requested──────────┘
//
//   state     event      → next      action
//   Detached  Requested    Granted   Grant: reset own cursors, then tell the number
//   Detached  Confirmed    Detached  -
//   Detached  Lost         Detached  -
//   Detached  Corrupt      Detached  -
//   Granted   Requested    Granted   Grant (the core began anew)
//   Granted   Confirmed    Attached  Open: the rings may be used
//   Granted   Lost         Detached  Withdraw: tell 0
//   Granted   Corrupt      Granted   - (nothing is read in this state)
//   Attached  Requested    Detached  Close: tell 0, the caller empties the rings; then as Detached
//   Attached  Confirmed    Attached  -
//   Attached  Lost         Detached  Close
//   Attached  Corrupt      Detached  Close
enum class WorkerState : std::uint8_t { Detached, Granted, Attached };
enum class WorkerEvent : std::uint8_t { Requested, Confirmed, Lost, Corrupt };
enum class WorkerAction : std::uint8_t { None, Grant, Open, Withdraw, Close };

struct WorkerStep {
    WorkerState state = WorkerState::Detached;
    WorkerAction action = WorkerAction::None;

    bool operator==(const WorkerStep&) const = default;
};

[[nodiscard]] WorkerStep step(WorkerState state, WorkerEvent event) noexcept;

// The core's side.
//
//              Begin                  Granted
//   Idle ─────────────▶ Requested ─────────────▶ Attached
//                           ▲                       │
//                           └── Revoked, Corrupt ───┘
//
//   state      event     → next       action
//   Idle       Begin       Requested  Request: a new number
//   Idle       Granted     Idle       -
//   Idle       Revoked     Idle       -
//   Idle       Corrupt     Idle       -
//   Requested  Begin       Requested  -
//   Requested  Granted     Attached   Confirm: reset own cursors, then tell the number
//   Requested  Revoked     Requested  - (not granted yet)
//   Requested  Corrupt     Requested  -
//   Attached   Begin       Attached   -
//   Attached   Granted     Attached   -
//   Attached   Revoked     Requested  Request
//   Attached   Corrupt     Requested  Request
enum class CoreState : std::uint8_t { Idle, Requested, Attached };
enum class CoreEvent : std::uint8_t { Begin, Granted, Revoked, Corrupt };
enum class CoreAction : std::uint8_t { None, Request, Confirm };

struct CoreStep {
    CoreState state = CoreState::Idle;
    CoreAction action = CoreAction::None;

    bool operator==(const CoreStep&) const = default;
};

[[nodiscard]] CoreStep step(CoreState state, CoreEvent event) noexcept;

enum class LinkChange : std::uint8_t {
    None,
    Opened, // the rings are empty and may be used; a worker now gives out all its client slots
    Closed, // the rings may not be written any more; see each link for what is left to do
};

// A worker's end: writes events, reads commands. One thread.
class WorkerLink {
  public:
    // The region must outlive the link. worker < region.worker_count().
    WorkerLink(const Region& region, std::size_t worker) noexcept;

    // Call once per loop. After Closed, and before the next poll(), the caller executes what
    // commands() still holds and answers the requests of for_each_unread() with 503.
    [[nodiscard]] LinkChange poll() noexcept;

    [[nodiscard]] bool is_open() const noexcept { return state_ == WorkerState::Attached; }

    [[nodiscard]] WorkerState state() const noexcept { return state_; }

    // To be used while is_open(); commands() also right after Closed.
    [[nodiscard]] RingProducer& events() noexcept { return events_; }

    [[nodiscard]] RingConsumer& commands() noexcept { return commands_; }

    // visit(const Record&) for each event the core was given and did not read.
    template <typename Visit>
    void for_each_unread(Visit&& visit) noexcept {
        events_.for_each_unread(std::forward<Visit>(visit));
    }

    // Once per burst or loop: tells the others that this worker lives. `now` as read by the loop.
    void beat(base::MonotonicNs now) noexcept;

  private:
    [[nodiscard]] LinkChange act(WorkerStep step) noexcept;

    const DataplaneLine* dataplane_;
    const AttachRequestLine* request_;
    AttachGrantLine* grant_;
    RingProducer events_;
    RingConsumer commands_;
    std::uint64_t handled_ = 0; // the number last granted
    std::uint64_t loops_ = 0;
    std::uint64_t corrupt_count_ = 0;
    WorkerState state_ = WorkerState::Detached;
};

// The core's end of one worker's rings: reads events, writes commands. One thread.
class CoreLink {
  public:
    CoreLink(const Region& region, std::size_t worker) noexcept;

    // Call once per loop; begins the handshake by itself and begins it again whenever a ring was
    // found corrupt or the worker withdrew. After Closed every handle of this worker's
    // transactions is still valid, but commands that were not published are lost.
    [[nodiscard]] LinkChange poll() noexcept;

    [[nodiscard]] bool is_open() const noexcept { return state_ == CoreState::Attached; }

    [[nodiscard]] CoreState state() const noexcept { return state_; }

    // To be used while is_open().
    [[nodiscard]] RingConsumer& events() noexcept { return events_; }

    [[nodiscard]] RingProducer& commands() noexcept { return commands_; }

    [[nodiscard]] std::uint64_t corrupt_count() const noexcept { return corrupt_count_; }

  private:
    [[nodiscard]] LinkChange act(CoreStep step) noexcept;

    AttachRequestLine* request_;
    const AttachGrantLine* grant_;
    RingConsumer events_;
    RingProducer commands_;
    std::uint64_t number_ = 0; // of the attachment wanted
    std::uint64_t corrupt_count_ = 0;
    CoreState state_ = CoreState::Idle;
};

} // namespace tandem::shm
