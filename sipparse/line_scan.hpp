// SPDX-License-Identifier: Apache-2.0
//
// The structural scan under stage 1: where do lines end, where is the first colon of each. The only
// part of the parser that exists once per instruction set; all versions give the same marks. Inside
// sipparse only. A version's file is compiled for its processor, so it must not use inline
// functions of the standard library: the linker might keep that copy for everybody.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tandem::sipparse {

// No position of a message: the last one is kMessageBytesMax - 1.
inline constexpr std::uint16_t kNoColon = 0xffff;

struct LineMark {
    std::uint16_t newline; // position of the LF
    std::uint16_t colon;   // position of the first colon of the line, or kNoColon
    bool bare_cr;          // a CR in the line that is not the one right before its LF
};

// More than most messages have lines; the scan goes on where it stopped.
inline constexpr std::size_t kLineMarksMax = 64;

// Marks lines of [data, data + bytes) from position `from`, which begins a line, into `marks`
// (kLineMarksMax of them) until an empty line is marked, marks are used up or no LF is left.
// Returns how many. Never reads outside the range.
using LineScan = std::size_t (*)(const char* data,
                                 std::size_t bytes,
                                 std::size_t from,
                                 LineMark* marks);

[[nodiscard]] std::size_t
scan_lines_scalar(const char* data, std::size_t bytes, std::size_t from, LineMark* marks) noexcept;

[[nodiscard]] std::size_t
scan_lines_avx2(const char* data, std::size_t bytes, std::size_t from, LineMark* marks) noexcept;

} // namespace tandem::sipparse
