// SPDX-License-Identifier: Apache-2.0
//
// Request-Line and Status-Line. A line that begins with "SIP/" is a response (no method may contain
// a slash), everything else is tried as a request.
#include "sipparse/start_line.hpp"

#include "sipparse/lexical.hpp"

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
    return text.size() >= kProtocol.size() &&
           equals_ignoring_case(text.substr(0, kProtocol.size()), kProtocol);
}

// "SIP" "/" 1*DIGIT "." 1*DIGIT
ParseError check_version(std::string_view version) noexcept {
    if (equals_ignoring_case(version, kVersion)) {
        return ParseError::None;
    }
    if (!starts_with_protocol(version)) {
        return ParseError::StartLineMalformed;
    }
    const std::string_view numbers = version.substr(kProtocol.size());
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
    if (!is_alpha(uri.front()) || uri.find(':') == std::string_view::npos) {
        return ParseError::RequestUriMalformed;
    }
    for (const char c : uri) {
        if (c <= ' ' || c > '~' || c == '<' || c == '>' || c == '"') {
            return ParseError::RequestUriMalformed;
        }
    }
    return ParseError::None;
}

ParseError
parse_request_line(std::string_view line, std::size_t offset, MessageIndex& out) noexcept {
    const std::size_t first = line.find(' ');
    const std::string_view method = line.substr(0, first);
    if (!is_token(method)) {
        return ParseError::StartLineMalformed;
    }
    out.kind = MessageKind::Request;
    out.method = find_method(method);
    out.method_text = span_of(line, method, offset);
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || last <= first + 1) {
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
    out.status_code =
        static_cast<std::uint16_t>((code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0'));
    if (rest.size() > kStatusDigits) {
        out.reason = span_of(line, rest.substr(kStatusDigits + 1), offset);
    }
    return ParseError::None;
}

} // namespace

ParseError parse_start_line(std::string_view line, std::size_t offset, MessageIndex& out) noexcept {
    return starts_with_protocol(line) ? parse_status_line(line, offset, out)
                                      : parse_request_line(line, offset, out);
}

} // namespace tandem::sipparse
