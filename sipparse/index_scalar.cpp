// SPDX-License-Identifier: Apache-2.0
//
// The line scan byte by byte: the truth the vector versions are compared with.
#include "sipparse/line_scan.hpp"

namespace tandem::sipparse {

std::size_t
scan_lines_scalar(const char* data, std::size_t bytes, std::size_t from, LineMark* marks) noexcept {
    std::size_t count = 0;
    std::size_t line_start = from;
    std::size_t carriage_returns = 0;
    std::uint16_t colon = kNoColon;
    for (std::size_t position = from; position < bytes; ++position) {
        const char c = data[position];
        if (c == ':') {
            colon = colon == kNoColon ? static_cast<std::uint16_t>(position) : colon;
        } else if (c == '\r') {
            ++carriage_returns;
        } else if (c == '\n') {
            const bool ends_in_cr = position > line_start && data[position - 1] == '\r';
            const std::size_t line_end_bytes = ends_in_cr ? 1 : 0;
            marks[count] = LineMark{.newline = static_cast<std::uint16_t>(position),
                                    .colon = colon,
                                    .bare_cr = carriage_returns != line_end_bytes};
            ++count;
            if (position - line_start == line_end_bytes || count == kLineMarksMax) {
                return count;
            }
            line_start = position + 1;
            carriage_returns = 0;
            colon = kNoColon;
        }
    }
    return count;
}

} // namespace tandem::sipparse
