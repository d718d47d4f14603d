// SPDX-License-Identifier: Apache-2.0
//
// The head of a message, line by line: the truth that plain_head.hpp is compared with, and what
// reads every head that is not plain. Inside sipparse only; any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "sipparse/message_index.hpp"
#include "sipparse/parse_error.hpp"

namespace tandem::sipparse {

struct Head {
    std::size_t start_line_end = 0; // position of the LF of the start line; text.size(): none
    std::size_t bytes = 0;          // behind the empty line; 0: there is none
    bool start_line_has_lonely_cr = false;
    ParseError error = ParseError::None; // the first one in a header line
    std::size_t error_offset = 0;        // where that line begins
};

// Reads the head at `from`, whose first byte is not CR or LF. Fills lines, first, present and
// header_count of `out`; lines with an error are left out, but for one that should be single.
[[nodiscard]] Head read_head(std::string_view text, std::size_t from, MessageIndex& out) noexcept;

} // namespace tandem::sipparse
