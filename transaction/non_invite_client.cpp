// SPDX-License-Identifier: Apache-2.0
//
// The table of non_invite_client.hpp as code, one function per state.
#include "transaction/non_invite_client.hpp"

namespace tandem::transaction::non_invite_client {
namespace {

using Result = Step<State, Action>;

Result in_trying(Event event) noexcept {
    switch (event) {
    case Event::Provisional:
        return {State::Proceeding, {Action::PassUp}};
    case Event::Final:
        return {State::Completed, {Action::PassUp, Action::ArmK}};
    case Event::TimerE:
        return {State::Trying, {Action::SendAgain, Action::ArmE}};
    case Event::TimerF:
        return {State::Terminated, {Action::TellTimeout}};
    case Event::TransportError:
        return {State::Terminated, {Action::TellTransport}};
    case Event::TimerK:
        break;
    }
    return {State::Trying, {}};
}

Result in_proceeding(Event event) noexcept {
    switch (event) {
    case Event::Provisional:
        return {State::Proceeding, {Action::PassUp}};
    case Event::Final:
        return {State::Completed, {Action::PassUp, Action::ArmK}};
    case Event::TimerE:
        return {State::Proceeding, {Action::SendAgain, Action::ArmEatT2}};
    case Event::TimerF:
        return {State::Terminated, {Action::TellTimeout}};
    default:
        return {State::Proceeding, {}};
    }
}

// Completed and Terminated: nothing goes up any more.
Result at_end(State state, Event event) noexcept {
    switch (event) {
    case Event::Provisional:
    case Event::Final:
        return {state, {Action::Absorb}};
    case Event::TimerK:
        return {State::Terminated, {}};
    default:
        return {state, {}};
    }
}

} // namespace

Step<State, Action> step(State state, Event event) noexcept {
    switch (state) {
    case State::Trying:
        return in_trying(event);
    case State::Proceeding:
        return in_proceeding(event);
    case State::Completed:
    case State::Terminated:
        break;
    }
    return at_end(state, event);
}

} // namespace tandem::transaction::non_invite_client
