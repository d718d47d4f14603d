// SPDX-License-Identifier: Apache-2.0
//
// The parties of a call in From and To: what is kept of a header value, and how the caller is shown
// to the callee (its number at our address, its display name as it was). Core thread only.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

constexpr std::size_t kPartyBytesMax = 512;

// From or To without its parameters: `"Alice" <sip:1000@10.77.0.10>`. A value without brackets is
// cut at its first parameter; what cannot be parsed is empty.
[[nodiscard]] std::string_view party_of(const sipparse::MessageView& message,
                                        sipparse::HeaderId id);

// Longer numbers of trunks would leave no room in From and Contact.
constexpr std::size_t kCallerNumberBytesMax = 256;

// The number of a DN, or the user part of From of a trunk; "anonymous" when there is none or it is
// longer than kCallerNumberBytesMax.
[[nodiscard]] std::string_view
caller_number(const CoreState& core, const sipparse::MessageView& request, const Device& caller);

// From of the leg to the callee; empty when it does not fit.
[[nodiscard]] std::string_view compose_caller_party(const CoreState& core,
                                                    const sipparse::MessageView& request,
                                                    std::string_view number,
                                                    std::span<char, kPartyBytesMax> out);
// To of the leg to the callee.
[[nodiscard]] std::string_view compose_callee_party(const CoreState& core,
                                                    std::string_view number,
                                                    std::span<char, kPartyBytesMax> out);

} // namespace tandem::controlplane
