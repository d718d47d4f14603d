// SPDX-License-Identifier: Apache-2.0
//
// The INVITE client transaction (RFC 3261 17.1.1 as amended by RFC 6026 7.2) as a pure machine.
// Unlike there the ACK of a non-2xx is a command of the core: the machine only repeats it. Called
// by the layer; any thread.
//
//             core's INVITE: send
//                   |
//                   v        A: send again, double
//             +-----------+
//             |  Calling  |---- B or transport error: tell -----------+
//             +-----------+                                          |
//      1xx: up  |   |   | 3xx-6xx: up                                |
//               v   |   +-----------------+                          |
//       +------------+|                   |                          |
//       | Proceeding || 2xx: up           |    B (after CANCEL, or   |
//       | 1xx: up    |+---------+         |    silence): tell        |
//       +------------+          |         |                          |
//        2xx: up |   | 3xx-6xx: |up       |                          |
//                |   +---------------+    |                          |
//                v              v    v    v                          |
//             +------------------+  +-----------+                    |
//             |     Accepted     |  | Completed |                    |
//             | 2xx: by its tag  |  | 3xx-6xx: ACK again             |
//             +------------------+  +-----------+                    |
//                     | M                 | D                        |
//                     v                   v                          v
//             +-------------------------------------------------------+
//             |                      Terminated                       |
//             +-------------------------------------------------------+
//
//   state      | Provisional  | Success      | Failure      | TransportError
//   Calling    | ->Proceeding | ->Accepted   | ->Completed  | TellTransport ->Terminated
//   Proceeding | PassUp       | ->Accepted   | ->Completed  | -
//   Completed  | Drop         | Drop         | AckAgain     | -
//   Accepted   | Drop         | ByTag        | Drop         | -
//   Terminated | Drop         | Drop         | Drop         | -
//
//   timers: Calling: A SendAgain+ArmA, B TellTimeout ->Terminated; Proceeding: B likewise;
//   Completed: D ->Terminated; Accepted: M ->Terminated; any other timer in any state: nothing.
#pragma once

#include <cstdint>

#include "transaction/step.hpp"

namespace tandem::transaction::invite_client {

enum class State : std::uint8_t { Calling, Proceeding, Completed, Accepted, Terminated };

inline constexpr std::size_t kStateCount = 5;

enum class Event : std::uint8_t {
    Provisional, // 1xx
    Success,     // 2xx
    Failure,     // 3xx to 6xx
    TimerA,
    TimerB, // 64*T1 of Calling, 64*T1 after CANCEL, or the longest silence of Proceeding
    TimerD,
    TimerM,
    TransportError, // the request could not leave
};

enum class Action : std::uint8_t {
    PassUp,    // the response to the core; the step is taken only when the ring has room
    SendAgain, // the INVITE
    ArmA,      // again after the doubled interval; not on reliable transports
    ArmB,      // Proceeding: anew with each provisional response
    ArmD,      // also on reliable transports: the core's ACK is yet to come
    ArmM,
    AckAgain,      // the core's ACK when it has given one
    ByTag,         // a known To-tag: ACK again when there is one; a new one: to the core
    Drop,          // fits no state, counted
    TellTimeout,   // TimeoutKind::ClientFinal
    TellTransport, // TimeoutKind::TransportClient
};

[[nodiscard]] Step<State, Action> step(State state, Event event) noexcept;

} // namespace tandem::transaction::invite_client
