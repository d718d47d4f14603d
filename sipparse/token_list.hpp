// SPDX-License-Identifier: Apache-2.0
//
// Headers whose value is a list of tokens and nothing else: Allow, Supported, Require and their
// like (RFC 3261 20.5, 20.37). Whole values at once; elements one by one are ListValues. Any
// thread.
#pragma once

#include <string_view>

namespace tandem::sipparse {

// Whether each element is a token. Empty elements and an empty list are taken (7.3.1).
[[nodiscard]] bool is_token_list(std::string_view value) noexcept;

} // namespace tandem::sipparse
