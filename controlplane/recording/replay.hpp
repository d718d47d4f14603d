// SPDX-License-Identifier: Apache-2.0
//
// Feeds a recording to a core of its own and compares all that core does with what was recorded:
// the effects of each step, the objects it changed with their versions, and from time to time
// everything the core is. Links nothing of io/: what differs can only come from the core. The main
// thread of tandem-replay, and tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::controlplane::recording {

enum class Verdict : std::uint8_t {
    Same,
    Differs,    // the core is not pure, or does not tell what it changes
    Incomplete, // the same as far as it goes, but the recorder gave up
    Unreadable, // damaged, or of another program
};

struct ReplayResult {
    Verdict verdict = Verdict::Unreadable;
    bool closed = false; // its process ended in order; else it was killed
    std::uint64_t steps = 0;
    std::uint64_t comparisons = 0; // of everything
    std::string text;              // for people: what differs, or why it does not read
};

// `file`: all bytes of a recording.
[[nodiscard]] ReplayResult replay(std::string_view file);

} // namespace tandem::controlplane::recording
