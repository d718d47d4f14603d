// SPDX-License-Identifier: Apache-2.0
//
// The fast way through the head of a message: start line, header lines, empty line. It takes heads
// that are plain and leaves everything else, whole, to read_head() of head.hpp, which is the truth:
// a plain head gives the same index by both. Plain means: all lines end in CRLF, no CR elsewhere,
// no folded line, names of at most 31 bytes right before their colon, no header twice that may be
// there once, at most kPlainLinesMax lines, an empty line at the end. Inside sipparse only.
#pragma once

#include <cstddef>

#include "sipparse/message_index.hpp"

namespace tandem::sipparse {

inline constexpr std::size_t kPlainLinesMax = 64;

struct PlainHead {
    std::size_t start_line_end = 0; // position of the LF of the start line
    std::size_t bytes = 0;          // behind the empty line; 0: this head is not plain
};

// Reads the head at [data + from, data + bytes), whose first byte is not CR or LF. Fills lines,
// first, present and header_count of `out`, and leaves them anyhow where the head is not plain.
using ReadPlainHead = PlainHead (*)(const char* data,
                                    std::size_t bytes,
                                    std::size_t from,
                                    MessageIndex& out);

[[nodiscard]] PlainHead read_plain_head_avx2(const char* data,
                                             std::size_t bytes,
                                             std::size_t from,
                                             MessageIndex& out) noexcept;

[[nodiscard]] PlainHead read_plain_head_avx512(const char* data,
                                               std::size_t bytes,
                                               std::size_t from,
                                               MessageIndex& out) noexcept;

// Whether [name, name + bytes) is a token (RFC 3261 25.1) of at most 31 bytes; for names that are
// in no table.
[[nodiscard]] bool is_token_name(const char* name, std::size_t bytes) noexcept;

} // namespace tandem::sipparse
