// SPDX-License-Identifier: Apache-2.0
//
// The non-INVITE server transaction (RFC 3261 17.2.2) as a pure machine. Decides what follows from
// an event; sends nothing, knows no time. Called by the layer; any thread.
//
//            request: pass up
//                 |
//                 v
//           +----------+  request: absorb
//           |  Trying  |
//           +----------+
//        1xx: |     | 2xx-6xx: send
//        send v     |
//     +------------+|  1xx: send   request: repeat last response
//     | Proceeding ||
//     +------------+|
//  2xx-6xx: send |  |
//                v  v
//           +-----------+  request: repeat last response
//           | Completed |
//           +-----------+
//                 | J
//                 v
//           +------------+
//           | Terminated |
//           +------------+
//
//   state      | Request | Provisional  | Final       | TimerJ       | TransportError
//   Trying     | Absorb  | ->Proceeding | ->Completed | -            | TellTransport
//   Proceeding | Repeat  | Send         | ->Completed | -            | TellTransport
//   Completed  | Repeat  | Refuse       | Refuse      | ->Terminated | TellTransport
//   Terminated | -       | Refuse       | Refuse      | -            | -
//
// RFC 3261 ends the transaction at a transport error. Here it stays, as RFC 6026 has it for INVITE:
// the next repetition of the request gets the answer that could not leave, not a second execution.
#pragma once

#include <cstdint>

#include "transaction/step.hpp"

namespace tandem::transaction::non_invite_server {

enum class State : std::uint8_t { Trying, Proceeding, Completed, Terminated };

inline constexpr std::size_t kStateCount = 4;

enum class Event : std::uint8_t {
    Request,     // the request again
    Provisional, // 1xx of the core
    Final,       // 2xx to 6xx of the core
    TimerJ,
    TransportError, // the core's response could not leave
};

enum class Action : std::uint8_t {
    Send,          // the core's response, and keep it
    Repeat,        // the response sent last
    Absorb,        // nothing, counted
    Refuse,        // the core's response comes too late
    ArmJ,          // zero on reliable transports
    TellTransport, // TimeoutKind::TransportServer
};

[[nodiscard]] Step<State, Action> step(State state, Event event) noexcept;

} // namespace tandem::transaction::non_invite_server
