// SPDX-License-Identifier: Apache-2.0
//
// Draws the messages of one call as arrows with times, from the notes the dataplane left. Pure
// text work on the control server's thread: the notes are collected elsewhere. A column for each
// peer and Call-ID, the switch between the caller and all others.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/time.hpp"
#include "shm/note.hpp"

namespace tandem::controlplane {

struct LadderInput {
    std::span<const shm::Note> notes; // oldest first
    std::uint64_t caller_hash = 0;    // of the caller's Call-ID: its column stands left
    base::WallNs began_wall_ns = 0;   // of the first note, for the heading
    // Why some messages are missing, one sentence; empty when all are there.
    std::string incomplete;
};

// Lines with newlines. Without notes it says so.
[[nodiscard]] std::string draw_ladder(const LadderInput& input);

} // namespace tandem::controlplane
