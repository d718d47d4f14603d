// SPDX-License-Identifier: Apache-2.0
//
// MessageWriter: appends to the caller's memory and remembers whether everything fitted.
#include "sipparse/writer.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <emmintrin.h>

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kNumberBytesMax = 20; // 2^64 - 1

// The beginning of a header line, "Call-ID: ", in memory of one size, so that copying it is two
// stores.
struct LineBeginning {
    static constexpr std::size_t kBytes = 32;
    std::array<char, kBytes> text = {};
    std::uint8_t bytes = 0;
};

consteval std::array<LineBeginning, kHeaderIdCount> make_line_beginnings() {
    std::array<LineBeginning, kHeaderIdCount> beginnings;
    for (std::size_t row = 0; row < kHeaderIdCount; ++row) {
        LineBeginning& beginning = beginnings[row];
        for (const std::string_view part : {kHeaderRows[row].name, std::string_view(": ")}) {
            for (const char c : part) {
                beginning.text[beginning.bytes++] = c;
            }
        }
    }
    return beginnings;
}

constexpr std::array<LineBeginning, kHeaderIdCount> kLineBeginnings = make_line_beginnings();

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
