// SPDX-License-Identifier: Apache-2.0
//
// May a re-INVITE or UPDATE go on now, or does it cross another one (RFC 3261 section 14, RFC 3311
// section 5.2)? Each leg is judged as the UAS it is towards its peer. Core thread only.
#pragma once

#include <optional>

#include "controlplane/core/core_state.hpp"
#include "controlplane/core/refusal.hpp"

namespace tandem::controlplane {

// 491 when our request or offer to the sender is open, 500 with Retry-After when its own is.
[[nodiscard]] std::optional<Refusal>
refuse_crossing(CoreState& core, LegHandle leg, const sipparse::MessageView& request);

} // namespace tandem::controlplane
