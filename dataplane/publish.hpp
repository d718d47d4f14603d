// SPDX-License-Identifier: Apache-2.0
//
// Stage publish: what the transaction layer wants from its surroundings, over the worker's port,
// event ring, counters and note ring. A ring that is full or has no reader is an answer, not a
// wait; the layer decides what becomes of the message. Worker only.
#pragma once

#include "dataplane/worker_state.hpp"
#include "shm/attach.hpp"
#include "shm/note.hpp"
#include "transaction/output.hpp"

namespace tandem::dataplane {

struct PublisherOptions {
    WorkerState* state = nullptr;    // outlives the publisher, as do the others
    shm::WorkerLink* link = nullptr; // null: no event can be published
    shm::NoteWriter notes;           // default: writes nothing
    int doorbell_fd = -1;            // wakes the core; -1: it never sleeps
};

class Publisher final : public transaction::Output {
  public:
    explicit Publisher(const PublisherOptions& options) noexcept : options_(options) {}

    [[nodiscard]] bool transmit(const transaction::Flow& flow, std::string_view bytes) override;

    [[nodiscard]] bool publish_request(transaction::ServerHandle transaction,
                                       const transaction::InboundMessage& message) override;
    [[nodiscard]] bool publish_response(transaction::ClientHandle transaction,
                                        std::uint64_t user,
                                        const transaction::InboundMessage& message) override;
    [[nodiscard]] bool publish_cancel(transaction::ServerHandle cancel,
                                      transaction::ServerHandle invite,
                                      const transaction::InboundMessage& message) override;
    [[nodiscard]] bool publish_ack(transaction::ServerHandle invite,
                                   const transaction::InboundMessage& message) override;
    [[nodiscard]] bool publish_timeout(const transaction::Timeout& timeout) override;
    [[nodiscard]] bool publish_stray(const transaction::InboundMessage& message) override;
    [[nodiscard]] bool publish_orphan(const transaction::Orphan& orphan) override;
    [[nodiscard]] bool
    publish_client_slots(std::span<const transaction::ClientHandle> slots) override;

    void count(transaction::Counter counter) override;
    void note(const transaction::Note& note) override;

    // Makes the events of this burst visible and wakes the core if it sleeps.
    void end_burst() noexcept;

  private:
    // The ring events go to, or nullptr.
    [[nodiscard]] shm::RingProducer* ring() const noexcept;
    bool published(bool written) noexcept;

    PublisherOptions options_;
    bool is_dirty_ = false; // records were written since the last end_burst()
};

void publish_run(WorkerState& state) noexcept;

} // namespace tandem::dataplane
