// SPDX-License-Identifier: Apache-2.0
//
// Typed writers for every record of shm/records.hpp: the only way records get into a ring. Each
// returns false (or an empty span) when the ring is full or corrupt; nothing is written then, and
// the ring counts it. Records become visible with RingProducer::publish(). The lengths in
// `message` are filled in here, whatever the caller put there. Called by the worker (events) and
// the core (commands).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "shm/records.hpp"
#include "shm/ring.hpp"
#include "sipparse/message_index.hpp"
#include "sipparse/message_view.hpp"

namespace tandem::shm {

// Events: the struct, the index in use, the first index.total_bytes of `bytes`.
[[nodiscard]] bool write_request(RingProducer& ring,
                                 const RequestEvent& event,
                                 const sipparse::MessageIndex& index,
                                 std::string_view bytes) noexcept;
[[nodiscard]] bool write_response(RingProducer& ring,
                                  const ResponseEvent& event,
                                  const sipparse::MessageIndex& index,
                                  std::string_view bytes) noexcept;
[[nodiscard]] bool write_cancel(RingProducer& ring,
                                const CancelEvent& event,
                                const sipparse::MessageIndex& index,
                                std::string_view bytes) noexcept;
[[nodiscard]] bool write_ack(RingProducer& ring,
                             const AckEvent& event,
                             const sipparse::MessageIndex& index,
                             std::string_view bytes) noexcept;
[[nodiscard]] bool write_stray(RingProducer& ring,
                               const StrayEvent& event,
                               const sipparse::MessageIndex& index,
                               std::string_view bytes) noexcept;
// Behind the message the To tag, at most kOrphanTagBytesMax of it.
[[nodiscard]] bool write_orphan(RingProducer& ring,
                                const OrphanEvent& event,
                                const sipparse::MessageView& message,
                                std::string_view to_tag) noexcept;
// The record's type (Timeout or TransportFailure) follows from the kind.
[[nodiscard]] bool write_timeout(RingProducer& ring, const TimeoutEvent& event) noexcept;
// At most kSlotsPerRecordMax handles per record.
[[nodiscard]] bool write_client_slots(RingProducer& ring,
                                      std::span<const ClientHandle> slots) noexcept;

// Commands with a message: claim room for at most `message_bytes_max` (<= kMessageBytesMax), write
// the message into the span, commit with the length it got; or RingProducer::abort(). An empty
// span: no room, and there is nothing to commit.
[[nodiscard]] std::span<char>
claim_send_request(RingProducer& ring,
                   std::size_t message_bytes_max = sipparse::kMessageBytesMax) noexcept;
void commit_send_request(RingProducer& ring,
                         const SendRequestCommand& command,
                         std::size_t message_bytes) noexcept;
[[nodiscard]] std::span<char>
claim_send_response(RingProducer& ring,
                    std::size_t message_bytes_max = sipparse::kMessageBytesMax) noexcept;
void commit_send_response(RingProducer& ring,
                          const SendResponseCommand& command,
                          std::size_t message_bytes) noexcept;
[[nodiscard]] std::span<char>
claim_send_ack(RingProducer& ring,
               std::size_t message_bytes_max = sipparse::kMessageBytesMax) noexcept;
void commit_send_ack(RingProducer& ring,
                     const SendAckCommand& command,
                     std::size_t message_bytes) noexcept;

// The same for a message that is written already.
[[nodiscard]] bool write_send_request(RingProducer& ring,
                                      const SendRequestCommand& command,
                                      std::string_view message) noexcept;
[[nodiscard]] bool write_send_response(RingProducer& ring,
                                       const SendResponseCommand& command,
                                       std::string_view message) noexcept;
[[nodiscard]] bool write_send_ack(RingProducer& ring,
                                  const SendAckCommand& command,
                                  std::string_view message) noexcept;

[[nodiscard]] bool write_stop_repeating(RingProducer& ring,
                                        const StopRepeatingCommand& command) noexcept;
// At most kSlotsPerRecordMax handles per record.
[[nodiscard]] bool write_return_slots(RingProducer& ring,
                                      std::span<const ClientHandle> slots) noexcept;

} // namespace tandem::shm
