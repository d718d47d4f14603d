// SPDX-License-Identifier: Apache-2.0
//
// What a core that died has left open in the dataplane, closed by this one, which knows nothing of
// it but the message it is given (docs/adr/0011). Core thread only.
#pragma once

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

void close_orphan(CoreState& core, const OrphanInput& orphan);

} // namespace tandem::controlplane
