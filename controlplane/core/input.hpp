// SPDX-License-Identifier: Apache-2.0
//
// Everything that can move the core, as plain values. io/ builds one Input per record, timer tick
// or operator act and hands it to Core::step(); the views inside live until step() returns. The
// same inputs come from the rings in production, from the simulator and from the benchmark, so an
// input carries all the core may know: there is no other source of time, text or chance.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "base/siphash.hpp"
#include "base/time.hpp"
#include "controlplane/core/effects.hpp"
#include "sipparse/message_view.hpp"
#include "transaction/branch.hpp"
#include "transaction/names.hpp"

namespace tandem::controlplane {

// The two clocks of a step, read once by the caller.
struct Now {
    base::MonotonicNs monotonic_ns = 0;
    base::WallNs wall_ns = 0;
};

// A SIP message with the way it came. The view was validated by the reader of the ring.
struct Datagram {
    sipparse::MessageView view;
    transaction::Flow flow;
};

// A new server transaction (never ACK, never CANCEL).
struct RequestInput {
    transaction::ServerHandle transaction;
    Datagram message;
};

// Any response to a request of ours; repeated ones are absorbed below, a 2xx with another To-tag
// comes as a further response of the same transaction.
struct ResponseInput {
    transaction::ClientHandle transaction;
    std::uint64_t user = 0; // as given with the request
    Datagram message;
};

// A CANCEL that matched an INVITE server transaction. The core owes the CANCEL a 200.
struct CancelInput {
    transaction::ServerHandle transaction;
    transaction::ServerHandle invite;
    Datagram message;
};

// The first ACK of a 2xx, with its body.
struct AckInput {
    transaction::ServerHandle invite;
    Datagram message;
};

struct TimeoutInput {
    transaction::TimeoutKind kind = transaction::TimeoutKind::ClientFinal;
    std::uint64_t handle = 0; // packed, client or server as the kind says
    std::uint64_t user = 0;
};

// A response or an ACK that no transaction of this dataplane's life knows.
struct StrayInput {
    Datagram message;
};

// A transaction a core before this one has left open, with the message by which it can be closed:
// of a server transaction the request or the last response to it, of a client transaction its
// INVITE. `flow` is where the responses of the one or the requests of the other go.
struct OrphanInput {
    transaction::OrphanKind kind = transaction::OrphanKind::Request;
    transaction::ServerHandle server; // of a Request
    transaction::ClientHandle client; // of an Invite or a Refused one
    Datagram message;
    std::string_view to_tag = {}; // Refused: of the final response
};

// Client slots the dataplane gave back (or, after AttachedInput, all it has).
struct SlotsInput {
    std::span<const transaction::ClientHandle> slots;
};

// A dataplane is attached: names made from now on carry its epoch and key. All handles of an
// earlier epoch are void.
struct AttachedInput {
    transaction::BranchOwner owner; // of every branch the core writes for this dataplane
    transaction::BranchKey branch_key;
    base::SipHashKey call_id_key; // of the Call-ID hashes in ladder notes
};

// The dataplane went away. Calls stay; what was in flight will not be answered.
struct DetachedInput {};

// A binding that an earlier life of the core accepted: what it said of it then. Given at the start,
// the oldest first, before anything else; it has no effect but the binding.
struct BindingInput {
    BindingChange binding;
};

// Nothing but time: due timers run. Every other input runs due timers first as well.
struct TimersInput {};

using Input = std::variant<RequestInput,
                           ResponseInput,
                           CancelInput,
                           AckInput,
                           TimeoutInput,
                           StrayInput,
                           SlotsInput,
                           AttachedInput,
                           DetachedInput,
                           TimersInput,
                           OrphanInput,
                           BindingInput>;

} // namespace tandem::controlplane
