// SPDX-License-Identifier: Apache-2.0
//
// The transitions drawn in neighbour_machine.hpp, one function per event. Pure; runs on the
// dataplane's worker.
#include "ha/neighbour_machine.hpp"

namespace tandem::ha {

namespace {

using Frame = NeighbourOutput::Frame;
using Queued = NeighbourOutput::Queued;
using Ask = NeighbourOutput::Ask;

NeighbourOutput enter(NeighbourState state, std::uint32_t timer_ms) noexcept {
    return {.state = state, .rearm = true, .timer_ms = timer_ms};
}

NeighbourOutput wanted(NeighbourState state) noexcept {
    switch (state) {
    case NeighbourState::Absent: {
        NeighbourOutput out = enter(NeighbourState::Incomplete, kAskFirstMs);
        out.frame = Frame::Queue;
        out.ask = Ask::Everybody;
        return out;
    }
    case NeighbourState::Incomplete:
        return {.state = state, .frame = Frame::Queue};
    case NeighbourState::Stale: {
        NeighbourOutput out = enter(NeighbourState::Probe, kProbeEveryMs);
        out.frame = Frame::Send;
        out.ask = Ask::Station;
        return out;
    }
    case NeighbourState::Failed:
        return {.state = state, .frame = Frame::Refuse};
    case NeighbourState::Reachable:
    case NeighbourState::Probe:
        break;
    }
    return {.state = state, .frame = Frame::Send};
}

NeighbourOutput learn(NeighbourState state, NeighbourState next) noexcept {
    NeighbourOutput out = enter(next, next == NeighbourState::Reachable ? kReachableMs : kStaleMs);
    out.take_mac = true;
    out.queued = state == NeighbourState::Incomplete ? Queued::Send : Queued::Keep;
    return out;
}

NeighbourOutput answered(NeighbourState state) noexcept {
    if (state == NeighbourState::Absent) {
        return {.state = state};
    }
    return learn(state, NeighbourState::Reachable);
}

NeighbourOutput asked(NeighbourState state, bool mac_changed) noexcept {
    const bool in_use = state == NeighbourState::Reachable || state == NeighbourState::Probe;
    if (in_use && !mac_changed) {
        return {.state = state, .take_mac = true};
    }
    return learn(state, NeighbourState::Stale);
}

NeighbourOutput announced(NeighbourState state, bool mac_changed) noexcept {
    if (state == NeighbourState::Absent) {
        return {.state = state};
    }
    if (state == NeighbourState::Reachable && !mac_changed) {
        return {.state = state, .take_mac = true};
    }
    return learn(state, NeighbourState::Stale);
}

NeighbourOutput timer(NeighbourState state, std::uint32_t tries) noexcept {
    switch (state) {
    case NeighbourState::Incomplete: {
        if (tries >= kAskTriesMax) {
            NeighbourOutput out = enter(NeighbourState::Failed, kFailedMs);
            out.queued = Queued::Drop;
            return out;
        }
        NeighbourOutput out = enter(state, kAskFirstMs << tries);
        out.ask = Ask::Everybody;
        return out;
    }
    case NeighbourState::Probe: {
        if (tries >= kProbeTriesMax) {
            return enter(NeighbourState::Failed, kFailedMs);
        }
        NeighbourOutput out = enter(state, kProbeEveryMs);
        out.ask = tries < kProbeStationTries ? Ask::Station : Ask::Everybody;
        return out;
    }
    case NeighbourState::Reachable:
        return enter(NeighbourState::Stale, kStaleMs);
    case NeighbourState::Absent:
    case NeighbourState::Stale:
    case NeighbourState::Failed:
        break;
    }
    return enter(NeighbourState::Absent, 0);
}

} // namespace

NeighbourOutput step(const NeighbourInput& input) noexcept {
    switch (input.event) {
    case NeighbourEvent::Wanted:
        return wanted(input.state);
    case NeighbourEvent::Answered:
        return answered(input.state);
    case NeighbourEvent::Asked:
        return asked(input.state, input.mac_changed);
    case NeighbourEvent::Announced:
        return announced(input.state, input.mac_changed);
    case NeighbourEvent::Timer:
        break;
    }
    return timer(input.state, input.tries);
}

const char* text_of(NeighbourState state) noexcept {
    switch (state) {
    case NeighbourState::Absent:
        return "absent";
    case NeighbourState::Incomplete:
        return "incomplete";
    case NeighbourState::Reachable:
        return "reachable";
    case NeighbourState::Stale:
        return "stale";
    case NeighbourState::Probe:
        return "probe";
    case NeighbourState::Failed:
        break;
    }
    return "failed";
}

} // namespace tandem::ha
