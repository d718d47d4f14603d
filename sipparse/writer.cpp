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

// Ones in every byte that is CR or LF.
__m128i line_end_bytes(__m128i text) noexcept {
    return _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('\r')),
                        _mm_cmpeq_epi8(text, _mm_set1_epi8('\n')));
}

__m128i load_sixteen(const char* from) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

// How many of the first `bytes` of sixteen are CR or LF.
std::size_t line_ends_of(__m128i text, std::size_t bytes) noexcept {
    const auto ends = static_cast<std::uint32_t>(_mm_movemask_epi8(line_end_bytes(text)));
    return static_cast<std::size_t>(std::popcount(ends & ((1U << bytes) - 1U)));
}

// Copies text of at least sixteen bytes as it is and returns how many of them are CR or LF.
std::size_t copy_counting(std::string_view text, char* to) noexcept {
    // A place of a vector counts up to 255.
    constexpr std::size_t kBytesAtATime = 255 * kVectorBytes;
    const char* const from = text.data();
    const std::size_t whole = text.size() / kVectorBytes * kVectorBytes;
    __m128i sums = _mm_setzero_si128();
    for (std::size_t at = 0; at < whole;) {
        __m128i counts = _mm_setzero_si128();
        for (const std::size_t end = std::min(whole, at + kBytesAtATime); at < end;
             at += kVectorBytes) {
            const __m128i part = load_sixteen(from + at);
            _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), part);
            counts = _mm_sub_epi8(counts, line_end_bytes(part)); // ones are -1
        }
        sums = _mm_add_epi64(sums, _mm_sad_epu8(counts, _mm_setzero_si128()));
    }
    const std::size_t last = text.size() - kVectorBytes;
    const __m128i part = load_sixteen(from + last);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + last), part);
    // The last sixteen again, without those of them that were counted.
    const __m128i high = _mm_unpackhi_epi64(sums, sums);
    return static_cast<std::size_t>(_mm_cvtsi128_si64(_mm_add_epi64(sums, high))) +
           line_ends_of(part, kVectorBytes) - line_ends_of(part, whole - last);
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

bool MessageWriter::lines(std::string_view text, std::size_t count) noexcept {
    if (text.size() < kVectorBytes) {
        return false;
    }
    if (failed_ || text.size() > out_.size() - used_) {
        failed_ = true;
        return true;
    }
    const bool is_plain = copy_counting(text, out_.data() + used_) == 2 * count;
    used_ += is_plain ? text.size() : 0;
    return is_plain;
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
    append(kLineEnd);
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
    append(kLineEnd);
}

void MessageWriter::body(std::string_view content_type, std::string_view bytes) noexcept {
    if (!content_type.empty()) {
        header(HeaderId::ContentType, content_type);
    }
    header(HeaderId::ContentLength, bytes.size());
    append(kLineEnd);
    append(bytes);
}

} // namespace tandem::sipparse
