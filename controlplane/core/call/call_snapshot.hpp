// SPDX-License-Identifier: Apache-2.0
//
// Copies a call for an operator. Core thread only.
#pragma once

#include "controlplane/core/core_state.hpp"
#include "controlplane/core/snapshot.hpp"

namespace tandem::controlplane {

[[nodiscard]] CallSnapshot snapshot_of(const CoreState& core, const Call& call);

} // namespace tandem::controlplane
