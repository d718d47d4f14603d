// SPDX-License-Identifier: Apache-2.0
//
// The table of invite_server.hpp as code, one function per state.
#include "transaction/invite_server.hpp"

namespace tandem::transaction::invite_server {
namespace {

using Result = Step<State, Action>;

Result in_proceeding(Event event) noexcept {
    switch (event) {
    case Event::Request:
        return {State::Proceeding, {Action::Repeat}};
    case Event::Provisional:
        return {State::Proceeding, {Action::Send}};
    case Event::Success:
        return {State::Accepted, {Action::Send, Action::StartKeeper, Action::ArmL}};
    case Event::Failure:
        return {State::Completed, {Action::Send, Action::ArmG, Action::ArmH}};
    case Event::TransportError:
        return {State::Proceeding, {Action::TellTransport}};
    default:
        return {State::Proceeding, {}};
    }
}

Result in_completed(Event event) noexcept {
    switch (event) {
    case Event::Request:
        return {State::Completed, {Action::Repeat}};
    case Event::Ack:
        return {State::Confirmed, {Action::ArmI}};
    case Event::Provisional:
    case Event::Success:
    case Event::Failure:
        return {State::Completed, {Action::Refuse}};
    case Event::TimerG:
        return {State::Completed, {Action::Repeat, Action::ArmG}};
    case Event::TimerH:
        return {State::Terminated, {Action::TellAck}};
    case Event::TransportError:
        return {State::Completed, {Action::TellTransport}};
    default:
        return {State::Completed, {}};
    }
}

Result in_confirmed(Event event) noexcept {
    switch (event) {
    case Event::Request:
    case Event::Ack:
        return {State::Confirmed, {Action::Absorb}};
    case Event::Provisional:
    case Event::Success:
    case Event::Failure:
        return {State::Confirmed, {Action::Refuse}};
    case Event::TimerI:
        return {State::Terminated, {}};
    default:
        return {State::Confirmed, {}};
    }
}

Result in_accepted(Event event) noexcept {
    switch (event) {
    case Event::Request:
        return {State::Accepted, {Action::Absorb}};
    case Event::Ack:
        return {State::Accepted, {Action::AckToKeeper}};
    case Event::Provisional:
    case Event::Success:
    case Event::Failure:
        return {State::Accepted, {Action::Refuse}};
    case Event::TimerL:
        return {State::Terminated, {}};
    case Event::TransportError:
        return {State::Accepted, {Action::TellTransport}};
    default:
        return {State::Accepted, {}};
    }
}

Result in_terminated(Event event) noexcept {
    switch (event) {
    case Event::Provisional:
    case Event::Success:
    case Event::Failure:
        return {State::Terminated, {Action::Refuse}};
    default:
        return {State::Terminated, {}};
    }
}

} // namespace

Step<State, Action> step(State state, Event event) noexcept {
    switch (state) {
    case State::Proceeding:
        return in_proceeding(event);
    case State::Completed:
        return in_completed(event);
    case State::Confirmed:
        return in_confirmed(event);
    case State::Accepted:
        return in_accepted(event);
    case State::Terminated:
        break;
    }
    return in_terminated(event);
}

} // namespace tandem::transaction::invite_server
