// SPDX-License-Identifier: Apache-2.0
//
// The non-INVITE client transaction (RFC 3261 17.1.2) as a pure machine; CANCEL is one. Decides
// what follows from an event; sends nothing, knows no time. Called by the layer; any thread.
//
//          core's request: send
//                 |
//                 v       E: send again, double to T2
//           +----------+
//           |  Trying  |---- F or transport error: tell ----+
//           +----------+                                    |
//      1xx: up |    | 2xx-6xx: up                           |
//              v    |                                       |
//     +------------+|  1xx: up   E: send again, every T2    |
//     | Proceeding |+----+                                  |
//     +------------+     |      F: tell                     |
//    2xx-6xx: up |       |                                  |
//                v       v                                  |
//           +--------------+  any response: absorb          |
//           |  Completed   |                                |
//           +--------------+                                |
//                 | K                                       |
//                 v                                         v
//           +----------------------------------------------------+
//           |                     Terminated                     |
//           +----------------------------------------------------+
//
//   state      | Provisional  | Final       | TimerE             | TimerF        | TransportError
//   Trying     | ->Proceeding | ->Completed | SendAgain, ArmE    | ->Terminated  | ->Terminated
//   Proceeding | PassUp       | ->Completed | SendAgain, ArmEatT2| ->Terminated  | -
//   Completed  | Absorb       | Absorb      | -                  | -             | -
//   Terminated | Absorb       | Absorb      | -                  | -             | -
//
//   TimerK: Completed ->Terminated, else nothing.
#pragma once

#include <cstdint>

#include "transaction/step.hpp"

namespace tandem::transaction::non_invite_client {

enum class State : std::uint8_t { Trying, Proceeding, Completed, Terminated };

inline constexpr std::size_t kStateCount = 4;

enum class Event : std::uint8_t {
    Provisional, // 1xx
    Final,       // 2xx to 6xx
    TimerE,
    TimerF,
    TimerK,
    TransportError, // the request could not leave
};

enum class Action : std::uint8_t {
    PassUp,        // the response to the core; the step is taken only when the ring has room
    SendAgain,     // the request
    ArmE,          // again after the doubled interval, at most T2; not on reliable transports
    ArmEatT2,      // again after T2 (17.1.2.2, Proceeding)
    ArmK,          // zero on reliable transports
    Absorb,        // nothing, counted
    TellTimeout,   // TimeoutKind::ClientFinal
    TellTransport, // TimeoutKind::TransportClient
};

[[nodiscard]] Step<State, Action> step(State state, Event event) noexcept;

} // namespace tandem::transaction::non_invite_client
