// SPDX-License-Identifier: Apache-2.0
//
// The names of a transaction that others carry: its handles, the flow of its messages and the ways
// it can end without an answer. Values only, with a fixed layout, because the records of the shared
// memory rings are made of them. No code of this room is needed to use them.
#pragma once

#include <cstdint>
#include <type_traits>

#include "base/endpoint.hpp"
#include "base/handle.hpp"

namespace tandem::transaction {

// A server transaction: its slot is given and owned by the dataplane.
using ServerHandle = base::Handle<struct ServerTransactionTag>;
// A client transaction: the core takes the slot from its free list, so that the branch is known in
// the step that sends the request; the dataplane returns slots by ClientSlotsEvent.
using ClientHandle = base::Handle<struct ClientTransactionTag>;

// Where a message came from or goes to, and when. `local` is our own address of the exchange: an
// answer leaves from it (design: addresses).
struct Flow {
    base::Endpoint remote;
    base::Endpoint local;
    std::uint16_t port = 0; // index of the dataplane port
    std::uint16_t worker = 0;
    std::uint32_t reserved = 0;
};

enum class TimeoutKind : std::uint8_t {
    ClientFinal = 1,         // timer B or F: no final response (RFC 3261 17.1.1.2, 17.1.2.2)
    ServerAck = 2,           // timer H: no ACK to a non-2xx final (17.2.1)
    TwoXxAck = 3,            // the 2xx keeper gave up after 64*T1 (13.3.1.4): end the call
    ReliableProvisional = 4, // no PRACK within 64*T1 (RFC 3262 section 3)
    TransportClient = 5,     // the request could not leave: no neighbour, no route, pool empty
    TransportServer = 6,     // the response could not leave
};

// What a core that died has left open, and what the next one owes it (docs/adr/0011).
enum class OrphanKind : std::uint8_t {
    Request = 1, // a request without a final response: it is owed one
    Invite = 2,  // an INVITE of ours that has a provisional response and no CANCEL: it is owed one
    Refused = 3, // an INVITE of ours that got a non-2xx final response: its ACK is owed
};

// To-tags beyond this length are not told to a core; their senders run into timer H.
inline constexpr std::uint32_t kOrphanTagBytesMax = 256;

static_assert(sizeof(Flow) == 24);
static_assert(std::is_trivially_copyable_v<Flow>);

} // namespace tandem::transaction
