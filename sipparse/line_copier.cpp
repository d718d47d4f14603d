// SPDX-License-Identifier: Apache-2.0
//
// A line belongs to a run when its beginning is that of kLineBeginnings and CRLF stands right
// behind its value. Whether it is folded is only seen while the run is copied:
// MessageWriter::lines() counts line ends, and refuses when there are more of them than lines.
#include "sipparse/line_copier.hpp"

#include <cstring>
#include <emmintrin.h>

#include "sipparse/lexical.hpp"
#include "sipparse/line_beginning.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::size_t kLineEndBytes = 2;
constexpr std::size_t kVectorBytes = 16;

// The first `bytes` <= 16 of both; sixteen of each are readable.
bool are_equal(const char* left, const char* right, std::size_t bytes) noexcept {
    const __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(left)),
                                        _mm_loadu_si128(reinterpret_cast<const __m128i*>(right)));
    const auto differs = ~static_cast<std::uint32_t>(_mm_movemask_epi8(same));
    return (differs & ((1U << bytes) - 1U)) == 0;
}

// Does the text begin with that beginning, whose last byte is text[bytes - 1]?
bool begins_with(std::string_view text, const LineBeginning& beginning) noexcept {
    const std::size_t bytes = beginning.bytes;
    if (text.size() < kVectorBytes || bytes > kVectorBytes) {
        return text.size() >= bytes && std::memcmp(text.data(), beginning.text.data(), bytes) == 0;
    }
    return are_equal(text.data(), beginning.text.data(), bytes);
}

bool is_line_end(const char* at) noexcept {
    return at[0] == '\r' && at[1] == '\n';
}

} // namespace

bool LineCopier::is_as_written(const HeaderLine& line) const noexcept {
    const std::size_t value_end = std::size_t{line.value_offset} + line.value_bytes;
    if (value_end + kLineEndBytes > view_.bytes.size() ||
        !is_line_end(view_.bytes.data() + value_end)) {
        return false;
    }
    const std::size_t bytes = std::size_t{line.value_offset} - line.name_offset;
    if (line.id == HeaderId::Other) {
        const std::string_view name = view_.name_of(line);
        return is_token(name) && name.size() + kLineEndBytes == bytes &&
               view_.bytes[line.value_offset - 1U] == ' ';
    }
    const LineBeginning& beginning = kLineBeginnings[static_cast<std::size_t>(line.id)];
    return bytes == beginning.bytes && begins_with({view_.bytes.data() + line.name_offset,
                                                    view_.bytes.size() - line.name_offset},
                                                   beginning);
}

void LineCopier::write_anew(const HeaderLine& line) noexcept {
    if (line.id == HeaderId::Other) {
        writer_.header_raw(view_.name_of(line), view_.value_of(line));
    } else {
        writer_.header(line.id, view_.value_of(line));
    }
}

void LineCopier::add(std::size_t line) noexcept {
    const HeaderLine& entry = view_.index->lines[line];
    if (count_ > 0 && (line != first_ + count_ || entry.name_offset != end_)) {
        finish();
    }
    if (!is_as_written(entry)) {
        finish();
        write_anew(entry);
        return;
    }
    first_ = count_ == 0 ? line : first_;
    ++count_;
    end_ = std::size_t{entry.value_offset} + entry.value_bytes + kLineEndBytes;
}

void LineCopier::finish() noexcept {
    if (count_ == 0) {
        return;
    }
    const std::size_t start = view_.index->lines[first_].name_offset;
    if (!writer_.lines({view_.bytes.data() + start, end_ - start}, count_)) {
        for (std::size_t line = first_; line < first_ + count_; ++line) {
            write_anew(view_.index->lines[line]);
        }
    }
    count_ = 0;
}

} // namespace tandem::sipparse
