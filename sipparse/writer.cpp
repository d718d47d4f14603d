// SPDX-License-Identifier: Apache-2.0
//
// MessageWriter: appends to the caller's memory and remembers whether everything fitted.
#include "sipparse/writer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <emmintrin.h>

#include "sipparse/lexical.hpp"
#include "sipparse/line_beginning.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kNumberBytesMax = 20; // 2^64 - 1

// CR and LF as spaces, in every byte of a register.
__m128i without_line_ends(__m128i text) noexcept {
    const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('\r')),
                                      _mm_cmpeq_epi8(text, _mm_set1_epi8('\n')));
    return _mm_or_si128(_mm_andnot_si128(ends, text), _mm_and_si128(ends, _mm_set1_epi8(' ')));
}

void copy_sixteen(const char* from, char* to) noexcept {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), without_line_ends(text));
}

void copy_eight(const char* from, char* to) noexcept {
    const __m128i text = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), without_line_ends(text));
}

constexpr std::size_t kVectorBytes = 16;

__m128i load_sixteen(const char* from) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

// How often one character is in a text that is looked at sixteen bytes at a time.
class Count {
  public:
    explicit Count(char c) noexcept : character_(_mm_set1_epi8(c)) {}

    // A place of a vector counts up to 255: add_places() before that.
    void add(__m128i text) noexcept {
        places_ = _mm_sub_epi8(places_, _mm_cmpeq_epi8(text, character_)); // equal ones are -1
    }

    void add_places() noexcept {
        sums_ = _mm_add_epi64(sums_, _mm_sad_epu8(places_, _mm_setzero_si128()));
        places_ = _mm_setzero_si128();
    }

    // The last sixteen bytes, the first `known` of which were added before.
    void add_last(__m128i text, std::size_t known) noexcept {
        const auto equal =
            static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(text, character_)));
        last_ = static_cast<std::size_t>(std::popcount(equal >> known));
    }

    [[nodiscard]] std::size_t total() const noexcept {
        const __m128i high = _mm_unpackhi_epi64(sums_, sums_);
        return static_cast<std::size_t>(_mm_cvtsi128_si64(_mm_add_epi64(sums_, high))) + last_;
    }

  private:
    __m128i character_;
    __m128i places_ = _mm_setzero_si128();
    __m128i sums_ = _mm_setzero_si128();
    std::size_t last_ = 0;
};

// Copies text of less than sixteen bytes as it is. Are there that many CR in it, and as many LF?
bool copy_counting_short(std::string_view text, char* to, std::size_t count) noexcept {
    std::size_t returns = 0;
    std::size_t newlines = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        returns += text[at] == '\r' ? 1U : 0U;
        newlines += text[at] == '\n' ? 1U : 0U;
        to[at] = text[at];
    }
    return returns == count && newlines == count;
}

// The same for sixteen bytes or more.
bool copy_counting(std::string_view text, char* to, std::size_t count) noexcept {
    constexpr std::size_t kBytesAtATime = 255 * kVectorBytes;
    const char* const from = text.data();
    const std::size_t whole = text.size() / kVectorBytes * kVectorBytes;
    Count returns('\r');
    Count newlines('\n');
    for (std::size_t at = 0; at < whole;) {
#pragma GCC unroll 4
        for (const std::size_t end = std::min(whole, at + kBytesAtATime); at < end;
             at += kVectorBytes) {
            const __m128i part = load_sixteen(from + at);
            _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), part);
            returns.add(part);
            newlines.add(part);
        }
        returns.add_places();
        newlines.add_places();
    }
    const std::size_t last = text.size() - kVectorBytes;
    const __m128i part = load_sixteen(from + last);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + last), part);
    returns.add_last(part, whole - last);
    newlines.add_last(part, whole - last);
    return returns.total() == count && newlines.total() == count;
}

// Text that may have come from a message or an operator: its line ends become spaces. Messages are
// written in pieces of some ten bytes, so the last bytes are done by a copy that overlaps the one
// before, not by a loop.
void copy_value(std::string_view text, char* to) noexcept {
    const char* const from = text.data();
    const std::size_t bytes = text.size();
    if (bytes >= 16) {
        for (std::size_t at = 0; at + 16 < bytes; at += 16) {
            copy_sixteen(from + at, to + at);
        }
        copy_sixteen(from + bytes - 16, to + bytes - 16);
    } else if (bytes >= 8) {
        copy_eight(from, to);
        copy_eight(from + bytes - 8, to + bytes - 8);
    } else {
        for (std::size_t at = 0; at < bytes; ++at) {
            to[at] = from[at] == '\r' || from[at] == '\n' ? ' ' : from[at];
        }
    }
}

} // namespace

void MessageWriter::append(std::string_view text) noexcept {
    if (failed_ || text.size() > out_.size() - used_) {
        failed_ = true;
        return;
    }
    if (!text.empty()) {
        std::memcpy(out_.data() + used_, text.data(), text.size());
        used_ += text.size();
    }
}

void MessageWriter::append_line_end() noexcept {
    if (out_.size() - used_ < kLineEnd.size()) {
        failed_ = true;
        return;
    }
    std::memcpy(out_.data() + used_, kLineEnd.data(), kLineEnd.size());
    used_ += kLineEnd.size();
}

bool MessageWriter::lines(std::string_view text, std::size_t count) noexcept {
    if (!text.ends_with(kLineEnd)) {
        return false;
    }
    if (text.size() > out_.size() - used_) {
        return false; // line by line there may be room: folds are shorter on one line
    }
    char* const to = out_.data() + used_;
    const bool are_lines = text.size() < kVectorBytes ? copy_counting_short(text, to, count)
                                                      : copy_counting(text, to, count);
    used_ += are_lines ? text.size() : 0;
    return are_lines;
}

void MessageWriter::append_number(std::uint64_t number) noexcept {
    std::array<char, kNumberBytesMax> digits = {};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    append({digits.data(), static_cast<std::size_t>(result.ptr - digits.data())});
}

void MessageWriter::append_value(std::string_view text) noexcept {
    if (failed_ || text.size() > out_.size() - used_) {
        failed_ = true;
        return;
    }
    copy_value(text, out_.data() + used_);
    used_ += text.size();
}

void MessageWriter::request_line(std::string_view method, std::string_view request_uri) noexcept {
    append_value(method);
    append(" ");
    append_value(request_uri);
    append(" SIP/2.0\r\n");
}

void MessageWriter::status_line(std::uint16_t status_code, std::string_view reason) noexcept {
    append("SIP/2.0 ");
    append_number(status_code);
    append(" ");
    append_value(reason);
    append_line_end();
}

void MessageWriter::header(HeaderId id, std::initializer_list<std::string_view> pieces) noexcept {
    begin_header(id);
    for (const std::string_view piece : pieces) {
        append_value(piece);
    }
    end_header();
}

void MessageWriter::header(HeaderId id, std::uint64_t value) noexcept {
    begin_header(id);
    append_number(value);
    end_header();
}

void MessageWriter::header_raw(std::string_view name, std::string_view value) noexcept {
    begin_header_raw(name);
    append_value(value);
    end_header();
}

void MessageWriter::begin_header(HeaderId id) noexcept {
    const auto row = static_cast<std::size_t>(id);
    if (id == HeaderId::Other || row >= kHeaderIdCount) {
        failed_ = true;
        return;
    }
    const LineBeginning& beginning = kLineBeginnings[row];
    if (out_.size() - used_ < LineBeginning::kBytes) {
        append({beginning.text.data(), beginning.bytes});
        return;
    }
    std::memcpy(out_.data() + used_, beginning.text.data(), LineBeginning::kBytes);
    used_ += beginning.bytes;
}

void MessageWriter::begin_header_raw(std::string_view name) noexcept {
    failed_ = failed_ || !is_token(name);
    append(name);
    append(": ");
}

void MessageWriter::value(std::string_view piece) noexcept {
    append_value(piece);
}

void MessageWriter::value(std::uint64_t number) noexcept {
    append_number(number);
}

void MessageWriter::end_header() noexcept {
    append_line_end();
}

void MessageWriter::body(std::string_view content_type, std::string_view bytes) noexcept {
    if (!content_type.empty()) {
        header(HeaderId::ContentType, content_type);
    }
    header(HeaderId::ContentLength, bytes.size());
    append_line_end();
    append(bytes);
}

} // namespace tandem::sipparse
