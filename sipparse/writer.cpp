// SPDX-License-Identifier: Apache-2.0
//
// MessageWriter: appends to the caller's memory and remembers whether everything fitted.
#include "sipparse/writer.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kNumberBytesMax = 20; // 2^64 - 1

void replace_all(char* text, std::size_t bytes, char unwanted, char replacement) noexcept {
    char* position = text;
    char* const end = text + bytes;
    while (position < end) {
        void* const found =
            std::memchr(position, unwanted, static_cast<std::size_t>(end - position));
        if (found == nullptr) {
            return;
        }
        position = static_cast<char*>(found);
        *position = replacement;
        ++position;
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

// Text that may have come from a message or an operator: its line ends become spaces.
void MessageWriter::append_value(std::string_view text) noexcept {
    const std::size_t start = used_;
    append(text);
    if (!failed_ && !text.empty()) {
        replace_all(out_.data() + start, text.size(), '\r', ' ');
        replace_all(out_.data() + start, text.size(), '\n', ' ');
    }
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
    failed_ = failed_ || id == HeaderId::Other;
    append(header_name(id));
    append(": ");
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
