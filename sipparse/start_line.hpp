// SPDX-License-Identifier: Apache-2.0
//
// The start line of a message: Request-Line or Status-Line (RFC 3261 7.1, 7.2), strictly one space
// between its parts. Fills kind, method, spans and status of the index as far as it can tell, also
// of a bad line. Part of stage 1; any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "sipparse/message_index.hpp"
#include "sipparse/parse_error.hpp"

namespace tandem::sipparse {

// `line` is the start line without its line end, beginning at `offset` of the datagram.
[[nodiscard]] ParseError
parse_start_line(std::string_view line, std::size_t offset, MessageIndex& out) noexcept;

} // namespace tandem::sipparse
