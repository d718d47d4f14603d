// SPDX-License-Identifier: Apache-2.0
//
// The table of two_xx_keeper.hpp as code.
#include "transaction/two_xx_keeper.hpp"

namespace tandem::transaction::two_xx_keeper {

Step<State, Action> step(State state, Event event) noexcept {
    if (state != State::Repeating) {
        if (event == Event::Ack) {
            return {state, {Action::Absorb}};
        }
        return {state, {}};
    }
    switch (event) {
    case Event::TimerRepeat:
        return {State::Repeating, {Action::SendAgain, Action::ArmRepeat}};
    case Event::TimerEnd:
        return {State::GaveUp, {Action::TellAck}};
    case Event::Ack:
        break;
    }
    return {State::Acked, {Action::PassUp}};
}

} // namespace tandem::transaction::two_xx_keeper
