// SPDX-License-Identifier: Apache-2.0
//
// Request-Line and Status-Line. A line that begins with "SIP/" is a response (no method may contain
// a slash), everything else is tried as a request.
#include "sipparse/start_line.hpp"

#include <cstring>

#include "sipparse/lexical.hpp"
#include "sipparse/words.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kProtocol = "SIP/";
constexpr std::string_view kVersion = "SIP/2.0";

// A part of the line as a span of the datagram.
ByteSpan span_of(std::string_view line, std::string_view part, std::size_t offset) noexcept {
    const auto position = static_cast<std::size_t>(part.data() - line.data());
    return {static_cast<std::uint16_t>(offset + position), static_cast<std::uint16_t>(part.size())};
}

bool starts_with_protocol(std::string_view text) noexcept {
    return equals_ignoring_case(text.substr(0, kProtocol.size()), kProtocol);
}

// Three digits.
std::uint16_t status_code_of(const char* digits) noexcept {
    return static_cast<std::uint16_t>((digits[0] - '0') * 100 + (digits[1] - '0') * 10 +
                                      (digits[2] - '0'));
}

// "SIP" "/" 1*DIGIT "." 1*DIGIT
ParseError check_version(std::string_view version) noexcept {
    if (equals_ignoring_case(version, kVersion)) {
        return ParseError::None;
    }
    if (!starts_with_protocol(version)) {
        return ParseError::StartLineMalformed;
    }
    std::string_view numbers = version;
    numbers.remove_prefix(kProtocol.size());
    const std::size_t dot = numbers.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == numbers.size()) {
        return ParseError::StartLineMalformed;
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i != dot && !is_digit(numbers[i])) {
            return ParseError::StartLineMalformed;
        }
    }
    return ParseError::VersionNotSupported;
}

// A scheme, a colon and printable ASCII without the characters that delimit URIs. What the scheme
// demands is for whoever serves it.
ParseError check_request_uri(std::string_view uri) noexcept {
    if (uri.front() == ' ' || uri.back() == ' ') {
        return ParseError::StartLineMalformed;
    }
    const bool is_uri =
        is_alpha(uri.front()) && uri.find(':') != std::string_view::npos && is_uri_text(uri);
    return is_uri ? ParseError::None : ParseError::RequestUriMalformed;
}

ParseError
parse_request_line(std::string_view line, std::size_t offset, MessageIndex& out) noexcept {
    const std::size_t first = token_bytes(line); // up to the space, or what is there instead
    if (first == 0 || (first < line.size() && line[first] != ' ')) {
        return ParseError::StartLineMalformed;
    }
    const std::string_view method = line.substr(0, first);
    out.kind = MessageKind::Request;
    out.method = find_method(method);
    out.method_text = span_of(line, method, offset);
    const std::size_t last = line.rfind(' ');
    if (first == line.size() || last <= first + 1) {
        return ParseError::StartLineMalformed;
    }
    const std::string_view uri = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    out.request_uri = span_of(line, uri, offset);
    out.version = span_of(line, version, offset);
    const ParseError version_error = check_version(version);
    return version_error != ParseError::None ? version_error : check_request_uri(uri);
}

ParseError
parse_status_line(std::string_view line, std::size_t offset, MessageIndex& out) noexcept {
    constexpr std::size_t kStatusDigits = 3;
    out.kind = MessageKind::Response;
    const std::size_t space = line.find(' ');
    out.version = span_of(line, line.substr(0, space), offset);
    if (space == std::string_view::npos) {
        return ParseError::StartLineMalformed;
    }
    const ParseError version_error = check_version(line.substr(0, space));
    if (version_error != ParseError::None) {
        return version_error;
    }
    const std::string_view rest = line.substr(space + 1);
    const std::string_view code = rest.substr(0, rest.find(' '));
    if (code.empty()) {
        return ParseError::StartLineMalformed;
    }
    for (const char c : code) {
        if (!is_digit(c)) {
            return ParseError::StartLineMalformed;
        }
    }
    if (code.size() != kStatusDigits || code.front() < '1' || code.front() > '6') {
        return ParseError::StatusCodeOutOfRange;
    }
    out.status_code = status_code_of(code.data());
    if (rest.size() > kStatusDigits) {
        out.reason = span_of(line, rest.substr(kStatusDigits + 1), offset);
    }
    return ParseError::None;
}

// Where the first space of the first nine characters is; 9: there is none.
std::size_t space_in_front(std::uint64_t word, char ninth) noexcept {
    const std::size_t space = position_of(word, ' ');
    return space < kWordBytes || ninth == ' ' ? space : kWordBytes + 1;
}

// The form that nearly all have: a method of the table, a sip: or sips: URI, SIP/2.0, one space
// between them. False: it is another one, or wrong.
bool parse_usual_request_line(std::string_view line,
                              std::size_t offset,
                              MessageIndex& out) noexcept {
    constexpr std::size_t kBehindUri = kWordBytes; // " SIP/2.0"
    if (line.size() < 2 * kWordBytes + kBehindUri) {
        return false;
    }
    const char* const behind_uri = line.data() + line.size() - kBehindUri;
    const std::size_t space = space_in_front(load_word(line.data()), line[kWordBytes]);
    const std::string_view uri = line.substr(space + 1, line.size() - space - 1 - kBehindUri);
    const Method method = find_method(line.substr(0, space), line.size());
    const bool is_usual = method != Method::Other && std::memcmp(behind_uri, " SIP/2.0", 8) == 0 &&
                          uri.size() > 4 && std::memcmp(uri.data(), "sip", 3) == 0 &&
                          (uri[3] == ':' || (uri[3] == 's' && uri[4] == ':')) && is_uri_text(uri);
    if (!is_usual) {
        return false;
    }
    out.kind = MessageKind::Request;
    out.method = method;
    out.method_text = span_of(line, line.substr(0, space), offset);
    out.request_uri = span_of(line, uri, offset);
    out.version = span_of(line, line.substr(line.size() - kVersion.size()), offset);
    return true;
}

// "SIP/2.0 ", three digits, a space.
bool parse_usual_status_line(std::string_view line,
                             std::size_t offset,
                             MessageIndex& out) noexcept {
    constexpr std::size_t kCode = 8;
    constexpr std::size_t kBehindCode = kCode + 3;
    if (line.size() <= kBehindCode || std::memcmp(line.data(), "SIP/2.0 ", kCode) != 0 ||
        line[kBehindCode] != ' ' || line[kCode] < '1' || line[kCode] > '6' ||
        !is_digit(line[kCode + 1]) || !is_digit(line[kCode + 2])) {
        return false;
    }
    out.kind = MessageKind::Response;
    out.version = span_of(line, line.substr(0, kVersion.size()), offset);
    out.status_code = status_code_of(line.data() + kCode);
    out.reason = span_of(line, line.substr(kBehindCode + 1), offset);
    return true;
}

} // namespace

ParseError parse_start_line(std::string_view line, std::size_t offset, MessageIndex& out) noexcept {
    if (parse_usual_status_line(line, offset, out) || parse_usual_request_line(line, offset, out)) {
        return ParseError::None;
    }
    return starts_with_protocol(line) ? parse_status_line(line, offset, out)
                                      : parse_request_line(line, offset, out);
}

} // namespace tandem::sipparse
