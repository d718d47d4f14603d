// SPDX-License-Identifier: Apache-2.0
//
// The table of invite_client.hpp as code, one function per state.
#include "transaction/invite_client.hpp"

namespace tandem::transaction::invite_client {
namespace {

using Result = Step<State, Action>;

Result in_calling(Event event) noexcept {
    switch (event) {
    case Event::Provisional:
        return {State::Proceeding, {Action::PassUp, Action::ArmB}};
    case Event::Success:
        return {State::Accepted, {Action::PassUp, Action::ArmM}};
    case Event::Failure:
        return {State::Completed, {Action::PassUp, Action::ArmD}};
    case Event::TimerA:
        return {State::Calling, {Action::SendAgain, Action::ArmA}};
    case Event::TimerB:
        return {State::Terminated, {Action::TellTimeout}};
    case Event::TransportError:
        return {State::Terminated, {Action::TellTransport}};
    default:
        return {State::Calling, {}};
    }
}

Result in_proceeding(Event event) noexcept {
    switch (event) {
    case Event::Provisional:
        return {State::Proceeding, {Action::PassUp, Action::ArmB}};
    case Event::Success:
        return {State::Accepted, {Action::PassUp, Action::ArmM}};
    case Event::Failure:
        return {State::Completed, {Action::PassUp, Action::ArmD}};
    case Event::TimerB:
        return {State::Terminated, {Action::TellTimeout}};
    default:
        return {State::Proceeding, {}};
    }
}

Result in_completed(Event event) noexcept {
    switch (event) {
    case Event::Failure:
        return {State::Completed, {Action::AckAgain}};
    case Event::Provisional:
    case Event::Success:
        return {State::Completed, {Action::Drop}};
    case Event::TimerD:
        return {State::Terminated, {}};
    default:
        return {State::Completed, {}};
    }
}

Result in_accepted(Event event) noexcept {
    switch (event) {
    case Event::Success:
        return {State::Accepted, {Action::ByTag}};
    case Event::Provisional:
    case Event::Failure:
        return {State::Accepted, {Action::Drop}};
    case Event::TimerM:
        return {State::Terminated, {}};
    default:
        return {State::Accepted, {}};
    }
}

Result in_terminated(Event event) noexcept {
    switch (event) {
    case Event::Provisional:
    case Event::Success:
    case Event::Failure:
        return {State::Terminated, {Action::Drop}};
    default:
        return {State::Terminated, {}};
    }
}

} // namespace

Step<State, Action> step(State state, Event event) noexcept {
    switch (state) {
    case State::Calling:
        return in_calling(event);
    case State::Proceeding:
        return in_proceeding(event);
    case State::Completed:
        return in_completed(event);
    case State::Accepted:
        return in_accepted(event);
    case State::Terminated:
        break;
    }
    return in_terminated(event);
}

} // namespace tandem::transaction::invite_client
