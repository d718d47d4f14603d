// SPDX-License-Identifier: Apache-2.0
//
// The INVITE server transaction (RFC 3261 17.2.1 as amended by RFC 6026 7.1) as a pure machine.
// Decides what follows from an event; sends nothing, knows no time. Called by the layer; any
// thread.
//
//             INVITE: pass up, 100 after 200 ms
//                      |
//                      v           1xx: send    INVITE: repeat last response
//                +------------+
//                | Proceeding |  transport error: tell, stay
//                +------------+
//     3xx-6xx: send |      | 2xx: send, start keeper
//                   v      v
//          +-----------+  +----------+  INVITE: absorb
//   G, INVITE:         |  |          |  ACK: to the keeper
//   repeat | Completed |  | Accepted |  transport error: tell, stay
//          +-----------+  +----------+
//      ACK: |    | H: tell        | L
//           v    |                |
//   +-----------+|                |
//   | Confirmed ||  INVITE, ACK: absorb
//   +-----------+|                |
//         I |    v                v
//           |  +------------------------+
//           +->|       Terminated       |
//              +------------------------+
//
//   state      | Request | Ack         | Provisional | Success     | Failure     | TransportError
//   Proceeding | Repeat  | -           | Send        | ->Accepted  | ->Completed | TellTransport
//   Completed  | Repeat  | ->Confirmed | Refuse      | Refuse      | Refuse      | TellTransport
//   Confirmed  | Absorb  | Absorb      | Refuse      | Refuse      | Refuse      | -
//   Accepted   | Absorb  | AckToKeeper | Refuse      | Refuse      | Refuse      | TellTransport
//   Terminated | -       | -           | Refuse      | Refuse      | Refuse      | -
//
//   timers: Completed: G Repeat+ArmG, H TellAck ->Terminated; Confirmed: I ->Terminated;
//   Accepted: L ->Terminated; any other timer in any state: nothing.
#pragma once

#include <cstdint>

#include "transaction/step.hpp"

namespace tandem::transaction::invite_server {

enum class State : std::uint8_t { Proceeding, Completed, Confirmed, Accepted, Terminated };

inline constexpr std::size_t kStateCount = 5;

enum class Event : std::uint8_t {
    Request, // the INVITE again
    Ack,
    Provisional, // 1xx of the core
    Success,     // 2xx of the core
    Failure,     // 3xx to 6xx of the core
    TimerG,
    TimerH,
    TimerI,
    TimerL,
    TransportError, // the core's response could not leave
};

enum class Action : std::uint8_t {
    Send,   // the core's response, and keep it
    Repeat, // the response sent last
    Absorb, // nothing, counted
    Refuse, // the core's response comes too late
    ArmG,   // again after the doubled interval, at most T2; not on reliable transports
    ArmH,
    ArmI, // zero on reliable transports
    ArmL,
    StartKeeper, // two_xx_keeper.hpp
    AckToKeeper,
    TellAck,       // TimeoutKind::ServerAck
    TellTransport, // TimeoutKind::TransportServer
};

[[nodiscard]] Step<State, Action> step(State state, Event event) noexcept;

} // namespace tandem::transaction::invite_server
