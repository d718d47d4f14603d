// SPDX-License-Identifier: Apache-2.0
//
// The notes of one call, collected from the region by the control server's thread, and what may be
// missing among them. The core thread hands out the region's memory once per question; a dataplane
// that dies meanwhile leaves the mapping alive until the question ends.
#pragma once

#include <string>
#include <vector>

#include "controlplane/core/snapshot.hpp"
#include "controlplane/io/core_thread.hpp"
#include "shm/note.hpp"

namespace tandem::controlplane {

struct CallNotes {
    std::vector<shm::Note> notes; // oldest first
    std::string incomplete;       // why some may be missing; "" = all are there
};

// False: the core did not answer in time.
[[nodiscard]] bool collect_call_notes(CoreThread& thread, const CallSnapshot& call, CallNotes& out);

} // namespace tandem::controlplane
