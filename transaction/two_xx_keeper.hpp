// SPDX-License-Identifier: Apache-2.0
//
// The 2xx keeper (RFC 3261 13.3.1.4) as a pure machine: repeats the core's 2xx to an INVITE until
// its ACK, from T1 doubling to T2, and gives up after 64*T1. It runs on every transport: the next
// hop may be reliable, the way behind it need not be. Called by the layer; any thread.
//
//             2xx sent
//                |
//                v      TimerRepeat: send again, double to T2
//          +-----------+
//          | Repeating |
//          +-----------+
//     ACK: up |     | TimerEnd: tell
//             v     v
//        +-------+ +--------+
//        | Acked | | GaveUp |   ACK: absorb
//        +-------+ +--------+
//
//   state     | TimerRepeat          | TimerEnd           | Ack
//   Repeating | SendAgain, ArmRepeat | TellAck ->GaveUp   | PassUp ->Acked
//   Acked     | -                    | -                  | Absorb
//   GaveUp    | -                    | -                  | Absorb
#pragma once

#include <cstdint>

#include "transaction/step.hpp"

namespace tandem::transaction::two_xx_keeper {

enum class State : std::uint8_t { Repeating, Acked, GaveUp };

enum class Event : std::uint8_t { TimerRepeat, TimerEnd, Ack };

enum class Action : std::uint8_t {
    SendAgain, // the 2xx
    ArmRepeat,
    PassUp,  // the ACK with its body; the step is taken only when the ring has room
    Absorb,  // nothing, counted
    TellAck, // TimeoutKind::TwoXxAck
};

[[nodiscard]] Step<State, Action> step(State state, Event event) noexcept;

} // namespace tandem::transaction::two_xx_keeper
