// SPDX-License-Identifier: Apache-2.0
//
// Texts in parentheses, which nest (RFC 3261 25.1 comment). Any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace tandem::sipparse {

// Bytes of the comment at the front of the text, both parentheses counted; 0 when the text does not
// begin with one or it is never closed.
[[nodiscard]] std::size_t comment_bytes(std::string_view text) noexcept;

} // namespace tandem::sipparse
