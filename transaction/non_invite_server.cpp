// SPDX-License-Identifier: Apache-2.0
//
// The table of non_invite_server.hpp as code, one function per state.
#include "transaction/non_invite_server.hpp"

namespace tandem::transaction::non_invite_server {
namespace {

using Result = Step<State, Action>;

// Trying and Proceeding differ only in what a repeated request gets.
Result in_progress(State state, Event event) noexcept {
    switch (event) {
    case Event::Request:
        return {state, {state == State::Trying ? Action::Absorb : Action::Repeat}};
    case Event::Provisional:
        return {State::Proceeding, {Action::Send}};
    case Event::Final:
        return {State::Completed, {Action::Send, Action::ArmJ}};
    case Event::TransportError:
        return {state, {Action::TellTransport}};
    default:
        return {state, {}};
    }
}

Result in_completed(Event event) noexcept {
    switch (event) {
    case Event::Request:
        return {State::Completed, {Action::Repeat}};
    case Event::Provisional:
    case Event::Final:
        return {State::Completed, {Action::Refuse}};
    case Event::TimerJ:
        return {State::Terminated, {}};
    case Event::TransportError:
        return {State::Completed, {Action::TellTransport}};
    }
    return {State::Completed, {}};
}

Result in_terminated(Event event) noexcept {
    if (event == Event::Provisional || event == Event::Final) {
        return {State::Terminated, {Action::Refuse}};
    }
    return {State::Terminated, {}};
}

} // namespace

Step<State, Action> step(State state, Event event) noexcept {
    switch (state) {
    case State::Trying:
    case State::Proceeding:
        return in_progress(state, event);
    case State::Completed:
        return in_completed(event);
    case State::Terminated:
        break;
    }
    return in_terminated(event);
}

} // namespace tandem::transaction::non_invite_server
