// SPDX-License-Identifier: Apache-2.0
//
// Every record is built in place: one claim, copies into it, one commit. The only large copy of a
// message between the two processes is here.
#include "shm/write_record.hpp"

#include <cstring>

#include "base/assert.hpp"

namespace tandem::shm {

namespace {

// The largest record fits the smallest ring.
static_assert(sizeof(OrphanEvent) >= sizeof(ResponseEvent));
static_assert(sizeof(RecordHeader) + sizeof(OrphanEvent) + sizeof(sipparse::MessageIndex) +
                  sipparse::kMessageBytesMax + transaction::kOrphanTagBytesMax <=
              kRingBytesMin / kRingRecordsMin);

template <typename Event>
bool write_message_event(RingProducer& ring,
                         EventType type,
                         Event event,
                         const sipparse::MessageIndex& index,
                         std::string_view bytes,
                         std::string_view behind = {}) noexcept {
    TANDEM_ASSERT(index.total_bytes <= bytes.size() &&
                  index.header_count <= sipparse::kHeaderLinesMax);
    const std::size_t index_bytes = sipparse::index_bytes(index.header_count);
    event.message = {.index_bytes = static_cast<std::uint32_t>(index_bytes),
                     .message_bytes = index.total_bytes};
    const std::size_t message_end = sizeof(Event) + index_bytes + index.total_bytes;
    const std::size_t record_bytes = message_end + behind.size();
    std::byte* at = ring.claim(static_cast<std::uint16_t>(type), record_bytes);
    if (at == nullptr) {
        return false;
    }
    std::memcpy(at, &event, sizeof event);
    std::memcpy(at + sizeof event, &index, index_bytes);
    if (index.total_bytes > 0) {
        std::memcpy(at + sizeof event + index_bytes, bytes.data(), index.total_bytes);
    }
    if (!behind.empty()) {
        std::memcpy(at + message_end, behind.data(), behind.size());
    }
    ring.commit(record_bytes);
    return true;
}

template <typename Body>
bool write_plain(RingProducer& ring, std::uint16_t type, const Body& body) noexcept {
    std::byte* at = ring.claim(type, sizeof body);
    if (at == nullptr) {
        return false;
    }
    std::memcpy(at, &body, sizeof body);
    ring.commit(sizeof body);
    return true;
}

template <typename Body>
bool write_slots(RingProducer& ring,
                 std::uint16_t type,
                 std::span<const ClientHandle> slots) noexcept {
    TANDEM_ASSERT(slots.size() <= kSlotsPerRecordMax);
    const Body body{.count = static_cast<std::uint32_t>(slots.size()), .reserved = 0};
    const std::size_t record_bytes = sizeof body + slots.size() * sizeof(std::uint64_t);
    std::byte* at = ring.claim(type, record_bytes);
    if (at == nullptr) {
        return false;
    }
    std::memcpy(at, &body, sizeof body);
    at += sizeof body;
    for (const ClientHandle slot : slots) {
        const std::uint64_t word = slot.packed();
        std::memcpy(at, &word, sizeof word);
        at += sizeof word;
    }
    ring.commit(record_bytes);
    return true;
}

template <typename Command>
std::span<char>
claim_message(RingProducer& ring, CommandType type, std::size_t message_bytes_max) noexcept {
    TANDEM_ASSERT(message_bytes_max > 0 && message_bytes_max <= sipparse::kMessageBytesMax);
    std::byte* at =
        ring.claim(static_cast<std::uint16_t>(type), sizeof(Command) + message_bytes_max);
    if (at == nullptr) {
        return {};
    }
    return {reinterpret_cast<char*>(at + sizeof(Command)), message_bytes_max};
}

template <typename Command>
void commit_message(RingProducer& ring, Command command, std::size_t message_bytes) noexcept {
    command.message = {.index_bytes = 0,
                       .message_bytes = static_cast<std::uint32_t>(message_bytes)};
    std::memcpy(ring.claimed(), &command, sizeof command);
    ring.commit(sizeof command + message_bytes);
}

template <typename Command>
bool write_message_command(RingProducer& ring,
                           CommandType type,
                           const Command& command,
                           std::string_view message) noexcept {
    const auto room = claim_message<Command>(ring, type, message.size());
    if (room.empty()) {
        return false;
    }
    std::memcpy(room.data(), message.data(), message.size());
    commit_message(ring, command, message.size());
    return true;
}

} // namespace

bool write_request(RingProducer& ring,
                   const RequestEvent& event,
                   const sipparse::MessageIndex& index,
                   std::string_view bytes) noexcept {
    return write_message_event(ring, EventType::Request, event, index, bytes);
}

bool write_response(RingProducer& ring,
                    const ResponseEvent& event,
                    const sipparse::MessageIndex& index,
                    std::string_view bytes) noexcept {
    return write_message_event(ring, EventType::Response, event, index, bytes);
}

bool write_cancel(RingProducer& ring,
                  const CancelEvent& event,
                  const sipparse::MessageIndex& index,
                  std::string_view bytes) noexcept {
    return write_message_event(ring, EventType::Cancel, event, index, bytes);
}

bool write_ack(RingProducer& ring,
               const AckEvent& event,
               const sipparse::MessageIndex& index,
               std::string_view bytes) noexcept {
    return write_message_event(ring, EventType::Ack, event, index, bytes);
}

bool write_stray(RingProducer& ring,
                 const StrayEvent& event,
                 const sipparse::MessageIndex& index,
                 std::string_view bytes) noexcept {
    return write_message_event(ring, EventType::Stray, event, index, bytes);
}

bool write_orphan(RingProducer& ring,
                  const OrphanEvent& event,
                  const sipparse::MessageView& message,
                  std::string_view to_tag) noexcept {
    TANDEM_ASSERT(to_tag.size() <= transaction::kOrphanTagBytesMax);
    OrphanEvent body = event;
    body.to_tag_bytes = static_cast<std::uint32_t>(to_tag.size());
    return write_message_event(
        ring, EventType::Orphan, body, *message.index, message.bytes, to_tag);
}

bool write_timeout(RingProducer& ring, const TimeoutEvent& event) noexcept {
    const EventType type = event.kind >= TimeoutKind::TransportClient ? EventType::TransportFailure
                                                                      : EventType::Timeout;
    return write_plain(ring, static_cast<std::uint16_t>(type), event);
}

bool write_client_slots(RingProducer& ring, std::span<const ClientHandle> slots) noexcept {
    return write_slots<ClientSlotsEvent>(
        ring, static_cast<std::uint16_t>(EventType::ClientSlots), slots);
}

std::span<char> claim_send_request(RingProducer& ring, std::size_t message_bytes_max) noexcept {
    return claim_message<SendRequestCommand>(ring, CommandType::SendRequest, message_bytes_max);
}

void commit_send_request(RingProducer& ring,
                         const SendRequestCommand& command,
                         std::size_t message_bytes) noexcept {
    commit_message(ring, command, message_bytes);
}

std::span<char> claim_send_response(RingProducer& ring, std::size_t message_bytes_max) noexcept {
    return claim_message<SendResponseCommand>(ring, CommandType::SendResponse, message_bytes_max);
}

void commit_send_response(RingProducer& ring,
                          const SendResponseCommand& command,
                          std::size_t message_bytes) noexcept {
    commit_message(ring, command, message_bytes);
}

std::span<char> claim_send_ack(RingProducer& ring, std::size_t message_bytes_max) noexcept {
    return claim_message<SendAckCommand>(ring, CommandType::SendAck, message_bytes_max);
}

void commit_send_ack(RingProducer& ring,
                     const SendAckCommand& command,
                     std::size_t message_bytes) noexcept {
    commit_message(ring, command, message_bytes);
}

bool write_send_request(RingProducer& ring,
                        const SendRequestCommand& command,
                        std::string_view message) noexcept {
    return write_message_command(ring, CommandType::SendRequest, command, message);
}

bool write_send_response(RingProducer& ring,
                         const SendResponseCommand& command,
                         std::string_view message) noexcept {
    return write_message_command(ring, CommandType::SendResponse, command, message);
}

bool write_send_ack(RingProducer& ring,
                    const SendAckCommand& command,
                    std::string_view message) noexcept {
    return write_message_command(ring, CommandType::SendAck, command, message);
}

bool write_stop_repeating(RingProducer& ring, const StopRepeatingCommand& command) noexcept {
    return write_plain(ring, static_cast<std::uint16_t>(CommandType::StopRepeating), command);
}

bool write_return_slots(RingProducer& ring, std::span<const ClientHandle> slots) noexcept {
    return write_slots<ReturnSlotsCommand>(
        ring, static_cast<std::uint16_t>(CommandType::ReturnSlots), slots);
}

} // namespace tandem::shm
