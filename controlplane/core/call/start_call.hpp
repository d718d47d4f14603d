// SPDX-License-Identifier: Apache-2.0
//
// A new INVITE of a known sender becomes a call, or a refusal. Core thread only.
#pragma once

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

void start_call(CoreState& core, const RequestInput& request, const Device& caller);

} // namespace tandem::controlplane
