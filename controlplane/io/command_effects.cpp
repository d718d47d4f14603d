// SPDX-License-Identifier: Apache-2.0
//
// Writes effects into the command ring. The message is composed in a buffer of our own and copied
// once, since the kind of record is known only when the core has finished writing.
#include "controlplane/io/command_effects.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "shm/write_record.hpp"

namespace tandem::controlplane {

CommandEffects::CommandEffects() : message_(std::make_unique<Message>()) {}

void CommandEffects::use_ring(shm::RingProducer* ring, std::size_t capacity_bytes) {
    ring_ = ring;
    room_bytes_ = capacity_bytes - std::min(kStepEffectsBytesMax, capacity_bytes / 2);
}

bool CommandEffects::has_room() const {
    return ring_ == nullptr || ring_->used_bytes() <= room_bytes_;
}

std::span<char> CommandEffects::message_buffer() {
    return *message_;
}

std::string_view CommandEffects::message(std::size_t bytes) const {
    TANDEM_ASSERT(bytes <= message_->size());
    return {message_->data(), bytes};
}

void CommandEffects::count(bool written, std::uint64_t& counter) {
    ++(written ? counter : counts_.unsent);
}

shm::RingProducer* CommandEffects::ring() const {
    visits_.visit(base::Stage::CommandEffects);
    return ring_;
}

void CommandEffects::send_request(const RequestOut& request, std::size_t bytes) {
    count(ring() != nullptr && shm::write_send_request(*ring_,
                                                       {.transaction = request.transaction,
                                                        .invite = request.invite,
                                                        .user = request.user,
                                                        .flow = request.flow,
                                                        .message = {}},
                                                       message(bytes)),
          counts_.requests);
}

void CommandEffects::send_response(const ResponseOut& response, std::size_t bytes) {
    const auto flags = response.reliable ? shm::SendResponseCommand::ReliableProvisional : 0;
    count(ring() != nullptr && shm::write_send_response(*ring_,
                                                        {.transaction = response.transaction,
                                                         .status_code = response.status_code,
                                                         .flags = static_cast<std::uint16_t>(flags),
                                                         .rseq = response.rseq,
                                                         .message = {}},
                                                        message(bytes)),
          counts_.responses);
}

void CommandEffects::send_ack(const AckOut& ack, std::size_t bytes) {
    count(ring() != nullptr &&
              shm::write_send_ack(
                  *ring_, {.invite = ack.invite, .flow = ack.flow, .message = {}}, message(bytes)),
          counts_.acks);
}

void CommandEffects::stop_repeating(transaction::ServerHandle transaction, std::uint32_t rseq) {
    std::uint64_t written = 0;
    count(ring() != nullptr &&
              shm::write_stop_repeating(*ring_, {.transaction = transaction, .rseq = rseq}),
          written);
}

void CommandEffects::return_slot(transaction::ClientHandle slot) {
    std::uint64_t written = 0;
    count(ring() != nullptr && shm::write_return_slots(*ring_, {&slot, 1}), written);
}

void CommandEffects::binding_changed(const BindingChange& change) {
    ++counts_.binding_changes;
    if (journal_ != nullptr) {
        journal_->push(change);
    }
}

} // namespace tandem::controlplane
