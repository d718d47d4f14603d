// SPDX-License-Identifier: Apache-2.0
//
// The verbs of the layer, one file each, over the one Tables. Layer (layer.cpp) is their only
// caller from outside; among themselves they call only downwards in this list. One thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "transaction/tables.hpp"

namespace tandem::transaction {

// layer's inputs from the wire
void receive_request(Tables& tables, const InboundMessage& message) noexcept;
void receive_cancel(Tables& tables, const ArrivedRequest& request) noexcept;
void receive_ack(Tables& tables, const ArrivedRequest& request) noexcept;
void receive_response(Tables& tables, const InboundMessage& message) noexcept;
// A request whose transaction is known: absorbs it and answers as before.
void receive_repeated(Tables& tables,
                      const ArrivedRequest& request,
                      const ServerMatch& match) noexcept;

// layer's input from the port: a message it had taken could not leave
void undelivered(Tables& tables, std::string_view message, base::MonotonicNs now) noexcept;

// layer's inputs from the core
void command_request(Tables& tables, const SendRequest& command) noexcept;
void command_response(Tables& tables, const SendResponse& command) noexcept;
void command_ack(Tables& tables, const SendAck& command) noexcept;
void command_stop_repeating(Tables& tables, const StopRepeating& command) noexcept;

// layer's input from time
void expire(Tables& tables, base::MonotonicNs now) noexcept;
void expire_server(Tables& tables, ServerHandle handle, base::MonotonicNs now) noexcept;
void expire_client(Tables& tables, ClientTransaction& client, base::MonotonicNs now) noexcept;

// answer.cpp: what the layer says by itself
void answer_bad_message(Tables& tables,
                        const InboundMessage& message,
                        sipparse::ParseError error) noexcept;
void answer_merged(Tables& tables, const ArrivedRequest& request) noexcept;
void answer_no_invite(Tables& tables, const ArrivedRequest& request) noexcept;
// 503, remembered for a moment so that a repetition cannot start a call; `why` is counted.
void refuse(Tables& tables, const ArrivedRequest& request, Counter why) noexcept;
// The 100 of an INVITE, written when all of it is at hand; not set: no buffer is free.
[[nodiscard]] StoredMessage write_trying(Tables& tables, const ArrivedRequest& request) noexcept;
void send_trying(Tables& tables, ServerTransaction& server, base::MonotonicNs now) noexcept;
// Was the To tag of this ACK made by one of these answers?
[[nodiscard]] bool acknowledges_own_answer(const Tables& tables,
                                           const ArrivedRequest& request) noexcept;

// tell.cpp: events that must reach the core, kept until the ring has room
void tell_server(Tables& tables,
                 ServerHandle handle,
                 TimeoutKind kind,
                 base::MonotonicNs now) noexcept;
void retry_server(Tables& tables, ServerHandle handle, base::MonotonicNs now) noexcept;
// The slot is Live or Core and has no record any more; it is free when the core knows.
void tell_client(Tables& tables,
                 std::uint32_t slot,
                 TimeoutKind kind,
                 base::MonotonicNs now) noexcept;
void retry_clients(Tables& tables, base::MonotonicNs now) noexcept;
void publish_slots(Tables& tables) noexcept;

// tell_orphan.cpp: what a core that died has left open
// A core attached: everything that lives was begun for another one.
void begin_orphan_sweep(Tables& tables) noexcept;
// Tells the next few; nothing without a core.
void sweep_orphans(Tables& tables, base::MonotonicNs now) noexcept;
// A repetition of a request came: tells it when it is an orphan of which no bytes are kept.
void tell_orphaned_request(Tables& tables,
                           const ServerMatch& match,
                           const InboundMessage& repeated) noexcept;
// The caller arms the record. False, as below: the ring is full.
[[nodiscard]] bool
tell_orphaned_invite(Tables& tables, ClientTransaction& client, base::MonotonicNs now) noexcept;

struct RefusedInvite {
    std::uint32_t slot = ClientSlot::kNone;
    Flow flow;
    StoredMessage request;
};

[[nodiscard]] bool tell_orphaned_refusal(Tables& tables,
                                         const InboundMessage& refusal,
                                         const RefusedInvite& invite) noexcept;

// send.cpp: everything that leaves, with its note
struct Sending {
    Flow flow;
    std::string_view bytes;
    std::optional<std::string_view> body = {}; // see Note
    std::uint64_t call = 0;
    std::uint32_t cseq_number = 0;
    std::uint16_t status_code = 0; // 0 = request
    sipparse::Method method = sipparse::Method::Other;
    bool is_repeated = false;
    bool is_own = false;
    base::MonotonicNs now = 0;
};

// False: it could not leave, counted.
bool send(Tables& tables, const Sending& sending) noexcept;
// The last response of a live server transaction again; nothing when there is none.
void send_response_again(Tables& tables,
                         const ServerTransaction& server,
                         base::MonotonicNs now) noexcept;
void note_arrival(Tables& tables, const InboundMessage& message, bool is_repeated) noexcept;
[[nodiscard]] std::uint64_t call_of(const Tables& tables,
                                    const sipparse::MessageView& view) noexcept;

} // namespace tandem::transaction
