// SPDX-License-Identifier: Apache-2.0
//
// Call-ID as a text (RFC 3261 25.1), for headers that name other calls: In-Reply-To, Replaces,
// Join, Target-Dialog. Any thread.
#pragma once

#include <string_view>

namespace tandem::sipparse {

// word [ "@" word ]. Stage 1 takes more than this in Call-ID itself.
[[nodiscard]] bool is_call_id(std::string_view text) noexcept;

} // namespace tandem::sipparse
