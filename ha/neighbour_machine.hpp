// SPDX-License-Identifier: Apache-2.0
//
// One neighbour as a machine (after RFC 4861 section 7.3.2, which describes for IPv6 what IPv4
// needs too): state and event in, state and what to do out. It holds nothing and knows no time;
// ha/neighbour.cpp keeps the entries, arms the timers and carries out the actions.
//
//                     Wanted                Answered
//            Absent ---------> Incomplete ------------> Reachable <------+
//              ^  | Asked         |   ^  ask again       |   ^           |
//              |  +---------+     |   +--(doubling)      | timer         | Answered
//        timer |            |     | last try             v   |           |
//              |            +-----|-----------------> Stale -+-----------+
//            Failed <-------------+                    |  ^              |
//              ^                               Wanted  |  | Asked        |
//              | last try                              v  |              |
//              +------------------------------------ Probe --------------+
//                                                     ask again: twice the station, then everybody
//
//   Each cell: next state, actions. s = send the frame, q = queue it, r = refuse it, a = ask,
//   f = send the queued frames, d = drop them, m = take the MAC, x = forget the entry.
//
//   state      | Wanted          | Answered        | Asked            | Announced    | Timer (last)
//   Absent     | Incomplete q a  | Absent          | Stale m          | Absent       | -
//   Incomplete | Incomplete q    | Reachable m f   | Stale m f        | Stale m f    | Incomplete a
//              |                 |                 |                  |              | (Failed d)
//   Reachable  | Reachable s     | Reachable m     | Reachable m (*)  | Stale m (*)  | Stale
//   Stale      | Probe s a       | Reachable m     | Stale m          | Stale m      | Absent x
//   Probe      | Probe s         | Reachable m     | Probe m (*)      | Stale m      | Probe a
//              |                 |                 |                  |              | (Failed)
//   Failed     | Failed r        | Reachable m     | Stale m          | Stale m      | Absent x
//
//   (*) with another MAC than the one known: Stale m, so that it is verified before long.
//
// Answered is a reply to us, Asked a request to us, Announced a gratuitous packet. A station is
// never learnt from SIP: a datagram can claim any source address.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace tandem::ha {

enum class NeighbourState : std::uint8_t { Absent, Incomplete, Reachable, Stale, Probe, Failed };
constexpr std::size_t kNeighbourStates = 6;

enum class NeighbourEvent : std::uint8_t { Wanted, Answered, Asked, Announced, Timer };
constexpr std::size_t kNeighbourEvents = 5;

// Requests are repeated after 100, 200, 400, 800 ms: one lost frame must cost a call less than the
// retransmission of its INVITE (T1, 500 ms), and a dead station must be given up within 2 s.
constexpr std::uint32_t kAskFirstMs = 100;
constexpr std::uint32_t kAskTriesMax = 4;
// Probes of a known station: it is being used meanwhile, so there is no hurry.
constexpr std::uint32_t kProbeEveryMs = 1'000;
constexpr std::uint32_t kProbeTriesMax = 4;
constexpr std::uint32_t kProbeStationTries = 2; // then everybody: the MAC may have moved
constexpr std::uint32_t kReachableMs = 30'000;
constexpr std::uint32_t kStaleMs = 600'000;
constexpr std::uint32_t kFailedMs = 1'000;

struct NeighbourInput {
    NeighbourState state = NeighbourState::Absent;
    NeighbourEvent event = NeighbourEvent::Wanted;
    std::uint32_t tries = 0;  // requests sent since the state was entered
    bool mac_changed = false; // the packet names another MAC than the entry; for learning events
};

struct NeighbourOutput {
    // What becomes of the frame that was wanted.
    enum class Frame : std::uint8_t { None, Send, Queue, Refuse };
    enum class Queued : std::uint8_t { Keep, Send, Drop };
    enum class Ask : std::uint8_t { Nobody, Everybody, Station };

    NeighbourState state = NeighbourState::Absent;
    Frame frame = Frame::None;
    Queued queued = Queued::Keep;
    Ask ask = Ask::Nobody;
    bool take_mac = false;
    bool rearm = false;         // the timer runs anew: timer_ms from now
    std::uint32_t timer_ms = 0; // 0 with rearm: no timer (the entry is forgotten)

    bool operator==(const NeighbourOutput&) const = default;
};

[[nodiscard]] NeighbourOutput step(const NeighbourInput& input) noexcept;

[[nodiscard]] const char* text_of(NeighbourState state) noexcept;

} // namespace tandem::ha
