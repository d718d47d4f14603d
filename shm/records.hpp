// SPDX-License-Identifier: Apache-2.0
//
// What crosses between the two processes of a node: the records of the event ring (dataplane to
// core) and of the command ring (core to dataplane). Numbers are given by hand and never reused.
// A record is one of the fixed structs below; where it carries a SIP message, the struct is
// followed by the index in use (sipparse::index_bytes) and then by the bytes of the message.
// Writers fill records in place in the ring; readers treat every field as hostile input
// (shm/read_record.hpp) and drop their views when the record is released.
#pragma once

#include <cstdint>
#include <type_traits>

#include "base/time.hpp"
#include "transaction/names.hpp"

namespace tandem::shm {

// The dataplane's transactions and their flows are named by the room that owns them; the records
// below carry them as they are.
using transaction::ClientHandle;
using transaction::Flow;
using transaction::OrphanKind;
using transaction::ServerHandle;
using transaction::TimeoutKind;

enum class EventType : std::uint16_t {
    Request = 1,          // RequestEvent: a new server transaction (never ACK, never CANCEL)
    Response = 2,         // ResponseEvent
    Cancel = 3,           // CancelEvent: a CANCEL that matched an INVITE server transaction
    Ack = 4,              // AckEvent: the first ACK of a 2xx, with its body
    Timeout = 5,          // TimeoutEvent
    TransportFailure = 6, // TimeoutEvent with TimeoutKind::Transport*
    Stray = 7,            // StrayEvent: belongs to no transaction of this dataplane's life
    ClientSlots = 8,      // ClientSlotsEvent
    Orphan = 9,           // OrphanEvent: what a core that died has left open
};

enum class CommandType : std::uint16_t {
    SendRequest = 1,   // SendRequestCommand (also CANCEL)
    SendResponse = 2,  // SendResponseCommand
    SendAck = 3,       // SendAckCommand
    StopRepeating = 4, // StopRepeatingCommand: the PRACK of a reliable provisional came
    ReturnSlots = 5,   // ReturnSlotsCommand: client slots taken and not used
};

// Length of what follows the fixed struct: the index in use, then the message.
struct MessageExtent {
    std::uint32_t index_bytes = 0;   // 0 in commands: the dataplane indexes what it sends itself
    std::uint32_t message_bytes = 0; // <= sipparse::kMessageBytesMax
};

struct RequestEvent {
    ServerHandle transaction;
    base::MonotonicNs received_ns = 0;
    Flow flow;
    MessageExtent message;
};

struct ResponseEvent {
    ClientHandle transaction;
    std::uint64_t user = 0; // as given in SendRequestCommand
    base::MonotonicNs received_ns = 0;
    Flow flow;
    MessageExtent message;
};

struct CancelEvent {
    ServerHandle transaction; // of the CANCEL: the core answers it with 200
    ServerHandle invite;      // of the INVITE it cancels
    base::MonotonicNs received_ns = 0;
    Flow flow;
    MessageExtent message;
};

struct AckEvent {
    ServerHandle invite;
    base::MonotonicNs received_ns = 0;
    Flow flow;
    MessageExtent message;
};

struct TimeoutEvent {
    std::uint64_t handle = 0; // packed ClientHandle or ServerHandle, as the kind says
    std::uint64_t user = 0;   // of the client transaction, else 0
    base::MonotonicNs at_ns = 0;
    TimeoutKind kind = TimeoutKind::ClientFinal;
    std::uint8_t reserved[7] = {};
};

// A response whose branch names another life of the dataplane, or a repeated 2xx or an ACK that no
// transaction knows: the core finds it by Call-ID and tags, or counts it.
struct StrayEvent {
    base::MonotonicNs received_ns = 0;
    Flow flow;
    MessageExtent message;
};

// The message is the one the layer still holds: of a server transaction the request or the response
// sent last, of a client transaction its INVITE. Behind it follow `to_tag_bytes` of the To tag that
// refused the INVITE; 0 unless the kind is Refused.
struct OrphanEvent {
    std::uint64_t handle = 0; // packed: ServerHandle of a Request, else ClientHandle
    base::MonotonicNs at_ns = 0;
    Flow flow; // of the transaction: where its responses, or where its requests go
    MessageExtent message;
    std::uint32_t to_tag_bytes = 0; // <= kOrphanTagBytesMax
    OrphanKind kind = OrphanKind::Request;
    std::uint8_t reserved[3] = {};
};

// `count` packed ClientHandles follow. At attach every free slot is given this way.
struct ClientSlotsEvent {
    std::uint32_t count = 0;
    std::uint32_t reserved = 0;
};

constexpr std::uint32_t kSlotsPerRecordMax = 256;

struct SendRequestCommand {
    ClientHandle transaction; // taken from the core's free list; its branch stands in the message
    ClientHandle invite;      // for CANCEL: the INVITE it cancels (same branch); else not set
    std::uint64_t user = 0;   // handed back in every event of this transaction
    Flow flow;                // remote = destination, local = source
    MessageExtent message;
};

struct SendResponseCommand {
    enum Flags : std::uint16_t {
        ReliableProvisional = 1, // repeat until StopRepeating (RFC 3262 section 3)
    };

    ServerHandle transaction;
    std::uint16_t status_code = 0;
    std::uint16_t flags = 0;
    std::uint32_t rseq = 0; // of a reliable provisional
    MessageExtent message;
};

struct SendAckCommand {
    ClientHandle invite; // the transaction that got the final response; not set: send once
    Flow flow;
    MessageExtent message;
};

struct StopRepeatingCommand {
    ServerHandle transaction;
    std::uint32_t rseq = 0;
    std::uint32_t reserved = 0;
};

// `count` packed ClientHandles follow.
struct ReturnSlotsCommand {
    std::uint32_t count = 0;
    std::uint32_t reserved = 0;
};

static_assert(sizeof(RequestEvent) == 48);
static_assert(sizeof(ResponseEvent) == 56);
static_assert(sizeof(CancelEvent) == 56);
static_assert(sizeof(AckEvent) == 48);
static_assert(sizeof(TimeoutEvent) == 32);
static_assert(sizeof(StrayEvent) == 40);
static_assert(sizeof(OrphanEvent) == 56);
static_assert(sizeof(SendRequestCommand) == 56);
static_assert(sizeof(SendResponseCommand) == 24);
static_assert(sizeof(SendAckCommand) == 40);
static_assert(std::is_trivially_copyable_v<SendRequestCommand>);

} // namespace tandem::shm
