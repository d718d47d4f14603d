// SPDX-License-Identifier: Apache-2.0
//
// Refuses a request at hand, with a tag of ours and a counter. Core thread only.
#pragma once

#include <optional>

#include "controlplane/core/core_state.hpp"
#include "controlplane/core/refusal.hpp"

namespace tandem::controlplane {

void refuse_request(CoreState& core,
                    const RequestInput& request,
                    const Refusal& refusal,
                    CoreCounter counter);

// 503 with Retry-After: a pool was empty; which one is counted where it was found.
void refuse_unavailable(CoreState& core, const RequestInput& request);

// 500 with a Retry-After of 0 to 10 s (RFC 3261 section 14.2, RFC 3311 section 5.2).
[[nodiscard]] Refusal retry_later(CoreState& core, std::string_view reason);

// The Contact of a request that makes or refreshes a dialog (RFC 3261 section 8.1.1.8).
[[nodiscard]] std::optional<Refusal> refuse_contact(const sipparse::MessageView& request);

} // namespace tandem::controlplane
