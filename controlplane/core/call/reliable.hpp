// SPDX-License-Identifier: Apache-2.0
//
// Reliable provisional responses (RFC 3262) between two legs: the callee's RSeq is replaced by one
// of ours towards the caller, and the PRACK that names ours goes on naming the callee's.
// Core thread only.
#pragma once

#include <optional>

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

// RSeq of a response that must be acknowledged; nothing for any other.
[[nodiscard]] std::optional<std::uint32_t> reliable_rseq(const sipparse::MessageView& response);

// RFC 3262 section 4: the first one, or the one after the last; anything else is dropped.
[[nodiscard]] bool is_next_reliable(std::uint32_t last_rseq, std::uint32_t rseq);

// A reliable provisional response of this INVITE still waits for its PRACK. The next one is dropped
// until then, and its sender repeats it: so one at a time is remembered.
[[nodiscard]] bool waits_for_prack(const Leg& to, transaction::ServerHandle invite);

// Remembers the response for the PRACK to come and gives it our RSeq.
std::uint32_t note_reliable(CoreState& core, Leg& to, const ReliableProvisional& provisional);

// Ends the repetition of what still waits for PRACK: a final response was sent (section 3).
void stop_repeating(CoreState& core, Leg& leg);

} // namespace tandem::controlplane
