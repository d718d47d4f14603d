// SPDX-License-Identifier: Apache-2.0
//
// The core's effects as records of the command ring, changed bindings as bodies of the journal's
// queue. Decides nothing: it writes what a step says,
// and counts what did not fit, which the check before each step (has_room) keeps at zero. Core
// thread only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/stage.hpp"
#include "controlplane/core/effects.hpp"
#include "controlplane/io/journal_queue.hpp"
#include "shm/ring.hpp"
#include "sipparse/message_index.hpp"

namespace tandem::controlplane {

struct EffectCounts {
    std::uint64_t requests = 0;
    std::uint64_t responses = 0;
    std::uint64_t acks = 0;
    std::uint64_t binding_changes = 0;
    std::uint64_t unsent = 0; // there was no ring, or it was full: the peer will repeat or time out
};

class CommandEffects final : public Effects {
  public:
    CommandEffects();

    // The ring to write to from now on; nullptr while no dataplane is attached: effects are then
    // counted as unsent. The ring outlives its use here.
    void use_ring(shm::RingProducer* ring, std::size_t capacity_bytes);

    // Where changed bindings go; nullptr: nowhere. It outlives its use here.
    void use_journal(JournalQueue* journal) { journal_ = journal; }

    // Who hears that an effect is written; null: nobody.
    void watch(base::StageWatcher* watcher) { visits_.watch(watcher); }

    // Whether one more step fits (kStepEffectsBytesMax, or half of a smaller ring).
    [[nodiscard]] bool has_room() const;

    std::span<char> message_buffer() override;
    void send_request(const RequestOut& request, std::size_t bytes) override;
    void send_response(const ResponseOut& response, std::size_t bytes) override;
    void send_ack(const AckOut& ack, std::size_t bytes) override;
    void stop_repeating(transaction::ServerHandle transaction, std::uint32_t rseq) override;
    void return_slot(transaction::ClientHandle slot) override;
    void binding_changed(const BindingChange& change) override;

    [[nodiscard]] const EffectCounts& counts() const { return counts_; }

  private:
    [[nodiscard]] std::string_view message(std::size_t bytes) const;
    void count(bool written, std::uint64_t& counter);
    // To be written to next, or nullptr.
    [[nodiscard]] shm::RingProducer* ring() const;

    using Message = std::array<char, sipparse::kMessageBytesMax>;

    std::unique_ptr<Message> message_;
    shm::RingProducer* ring_ = nullptr;
    JournalQueue* journal_ = nullptr;
    std::size_t room_bytes_ = 0; // the ring may be filled up to here before a step
    EffectCounts counts_;
    base::StageVisits visits_;
};

} // namespace tandem::controlplane
