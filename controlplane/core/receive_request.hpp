// SPDX-License-Identifier: Apache-2.0
//
// A new server transaction: the checks every request passes (RFC 3261 section 8.2), then the one
// who handles it. Core thread only.
#pragma once

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

void receive_request(CoreState& core, const RequestInput& request);

// 200 with what the switch can do (RFC 3261 section 11.2).
void answer_options(CoreState& core, const RequestInput& request);
// 405 with Allow.
void refuse_method(CoreState& core, const RequestInput& request);

} // namespace tandem::controlplane
