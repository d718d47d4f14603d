// SPDX-License-Identifier: Apache-2.0
//
// Reads the note ring and judges whether the ladder it gives is whole.
#include "controlplane/io/call_notes.hpp"

#include <algorithm>
#include <array>

namespace tandem::controlplane {

namespace {

// Messages of one call that a ladder shows; a longer call shows its first ones.
constexpr std::size_t kNotesMax = 2'000;
// A call's first note is this much older than its start at the most: the INVITE waits in the ring.
constexpr std::uint64_t kStartSlackNs = base::kNsPerS;

std::string
why_incomplete(const shm::NoteCollection& collection, const CallSnapshot& call, const Now& now) {
    if (collection.out_is_full) {
        return "the call has more messages than are shown";
    }
    if (collection.is_complete_ring) {
        return "";
    }
    // Start of the call on the clock of the notes.
    const auto age_ns = now.wall_ns - std::min(now.wall_ns, call.times.started_ns);
    const auto started_ns = now.monotonic_ns - std::min(now.monotonic_ns, age_ns);
    if (collection.count == 0 || collection.oldest_ns + kStartSlackNs > started_ns) {
        return "older messages have been overwritten (option ladder-notes)";
    }
    return "";
}

} // namespace

bool collect_call_notes(CoreThread& thread, const CallSnapshot& call, CallNotes& out) {
    out.notes.resize(kNotesMax);
    shm::NoteCollection collection;
    bool attached = false;
    Now asked_at;
    const bool answered = thread.with_region([&](const shm::Region& region, const Now& now) {
        attached = true;
        asked_at = now;
        collection = shm::NoteReader(region.notes(0)).collect(call.leg_hashes, out.notes);
    });
    out.notes.resize(collection.count);
    if (!answered) {
        return false;
    }
    out.incomplete =
        attached ? why_incomplete(collection, call, asked_at) : "no dataplane is attached";
    return true;
}

} // namespace tandem::controlplane
