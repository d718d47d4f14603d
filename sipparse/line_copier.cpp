// SPDX-License-Identifier: Apache-2.0
//
// A line ends where the next one begins. Whether it is folded or ends in another way than CRLF is
// only seen while the run is copied: MessageWriter::lines() counts line ends, and refuses when
// there are not two for each line.
#include "sipparse/line_copier.hpp"

namespace tandem::sipparse {

void LineCopier::add(std::size_t line) noexcept {
    if (line != behind_) {
        finish();
        first_ = line;
    }
    behind_ = line + 1;
}

std::size_t LineCopier::begin_of(std::size_t line) const noexcept {
    return view_.index->lines[line].name_offset;
}

// Behind the last line is the CRLF of the empty one, if there is one.
std::size_t LineCopier::end_of(std::size_t line) const noexcept {
    if (line + 1 < view_.header_count()) {
        return begin_of(line + 1);
    }
    const std::size_t body = view_.index->body.offset;
    return body < 2 ? 0 : body - 2;
}

// Lines [first, behind). False, and nothing is written: they are not all lines of CRLF alone.
bool LineCopier::copy(std::size_t first, std::size_t behind) noexcept {
    const std::size_t begin = begin_of(first);
    const std::size_t end = end_of(behind - 1);
    // An index of somebody else's may have any order.
    return begin < end && writer_.lines({view_.bytes.data() + begin, end - begin}, behind - first);
}

void LineCopier::write_anew(std::size_t line) noexcept {
    const HeaderView header = view_.header(line);
    if (header.id == HeaderId::Other) {
        writer_.header_raw(header.name, header.value);
    } else {
        writer_.header(header.id, header.value);
    }
}

void LineCopier::finish() noexcept {
    if (first_ == behind_) {
        return;
    }
    if (!copy(first_, behind_)) {
        for (std::size_t line = first_; line < behind_; ++line) {
            if (!copy(line, line + 1)) {
                write_anew(line);
            }
        }
    }
    first_ = behind_;
}

} // namespace tandem::sipparse
