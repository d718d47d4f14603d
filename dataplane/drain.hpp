// SPDX-License-Identifier: Apache-2.0
//
// Stage drain: takes the commands of the core from the ring to the transaction layer, and follows
// the core's coming and going: slots are offered to a core that attached, requests which a dead one
// left unread are answered 503. Everything in the ring is hostile input. Worker only.
#pragma once

#include "dataplane/worker_state.hpp"
#include "shm/attach.hpp"
#include "shm/read_record.hpp"

namespace tandem::dataplane {

// A core that has much to say must not keep packets waiting: what is left comes with the next
// burst.
constexpr std::uint32_t kCommandsPerBurst = 64;

class Drain {
  public:
    // Both outlive it. `commands` is the memory of the link's command ring.
    Drain(WorkerState& state, shm::WorkerLink& link, const shm::RingMemory& commands) noexcept
        : state_(&state), link_(&link), commands_(commands) {}

    void run() noexcept;

  private:
    [[nodiscard]] std::uint64_t waiting_bytes() const noexcept;
    void execute(const shm::Record& record) noexcept;
    std::uint32_t execute_up_to(std::size_t limit) noexcept;
    void close() noexcept;
    void refuse_unread(const shm::Record& record) noexcept;

    WorkerState* state_;
    shm::WorkerLink* link_;
    shm::RingMemory commands_;
    shm::CommandReader reader_;
    shm::EventReader unread_;
};

void drain_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane
