// SPDX-License-Identifier: Apache-2.0
//
// What can be wrong with a datagram that should be a SIP message: one enumerator and one sentence
// each. The sentence is the reason phrase of the refusal and what a log says. The first ones are
// found by stage 1 (index.hpp), those behind them by stage 2 (request_check.hpp). Pure look-ups;
// any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::sipparse {

struct MessageIndex;

enum class ParseError : std::uint8_t {
    None = 0,
    Empty,
    MessageTooLong,
    StartLineMalformed,
    VersionNotSupported,
    RequestUriMalformed,
    StatusCodeOutOfRange,
    HeaderLineMalformed,
    HeaderNameTooLong,
    BareCarriageReturn,
    TooManyHeaderLines,
    HeadersNotTerminated,
    DuplicateSingleton,
    MissingVia,
    MissingFrom,
    MissingTo,
    MissingCallId,
    MissingCSeq,
    CSeqMalformed,
    CSeqNumberTooLarge,
    CSeqMethodMismatch,
    CallIdMalformed,
    MaxForwardsMalformed,
    ContentLengthMalformed,
    BodyShorterThanContentLength,
    UriSchemeNotSupported, // the first one of stage 2
    HeadersInRequestUri,
    HeaderValueMalformed,
    MissingFromTag,
    ExtensionNotSupported,
};

struct ParseErrorRow {
    ParseError error;
    std::uint16_t status; // 400, 416, 420, 505, or 0: cannot be answered
    std::string_view sentence;
};

inline constexpr std::array kParseErrorRows = std::to_array<ParseErrorRow>({
    {ParseError::None, 0, "well formed"},
    {ParseError::Empty, 0, "nothing but line ends"},
    {ParseError::MessageTooLong, 0, "message longer than 65535 bytes"},
    {ParseError::StartLineMalformed, 400, "malformed start line"},
    {ParseError::VersionNotSupported, 505, "SIP version not supported"},
    {ParseError::RequestUriMalformed, 400, "malformed Request-URI"},
    {ParseError::StatusCodeOutOfRange, 0, "status code not 100 to 699"},
    {ParseError::HeaderLineMalformed, 400, "malformed header line"},
    {ParseError::HeaderNameTooLong, 400, "header name longer than 255 bytes"},
    {ParseError::BareCarriageReturn, 400, "carriage return without line feed"},
    {ParseError::TooManyHeaderLines, 400, "too many header lines"},
    {ParseError::HeadersNotTerminated, 400, "no empty line after the headers"},
    {ParseError::DuplicateSingleton, 400, "header that may appear once appears twice"},
    {ParseError::MissingVia, 0, "missing Via"},
    {ParseError::MissingFrom, 400, "missing From"},
    {ParseError::MissingTo, 400, "missing To"},
    {ParseError::MissingCallId, 400, "missing Call-ID"},
    {ParseError::MissingCSeq, 400, "missing CSeq"},
    {ParseError::CSeqMalformed, 400, "malformed CSeq"},
    {ParseError::CSeqNumberTooLarge, 400, "CSeq number larger than 2147483647"},
    {ParseError::CSeqMethodMismatch, 400, "CSeq method differs from request method"},
    {ParseError::CallIdMalformed, 400, "malformed Call-ID"},
    {ParseError::MaxForwardsMalformed, 400, "malformed Max-Forwards"},
    {ParseError::ContentLengthMalformed, 400, "malformed Content-Length"},
    {ParseError::BodyShorterThanContentLength, 400, "body shorter than Content-Length"},
    {ParseError::UriSchemeNotSupported, 416, "URI scheme not supported"},
    {ParseError::HeadersInRequestUri, 400, "headers in Request-URI"},
    {ParseError::HeaderValueMalformed, 400, "malformed header value"},
    {ParseError::MissingFromTag, 400, "missing From tag"},
    {ParseError::ExtensionNotSupported, 420, "extension not supported"},
});

inline constexpr std::size_t kParseErrorCount = kParseErrorRows.size();

static_assert(
    [] {
        for (std::size_t row = 0; row < kParseErrorRows.size(); ++row) {
            if (static_cast<std::size_t>(kParseErrorRows[row].error) != row) {
                return false;
            }
        }
        return true;
    }(),
    "kParseErrorRows must stand in the order of ParseError");

// One short sentence without a full stop, usable verbatim as a reason phrase.
[[nodiscard]] constexpr std::string_view sentence(ParseError error) noexcept {
    const auto row = static_cast<std::size_t>(error);
    return row < kParseErrorCount ? kParseErrorRows[row].sentence : "unknown parse error";
}

// The status of the refusal of a request with that error; 0 = drop it.
[[nodiscard]] constexpr std::uint16_t status_for(ParseError error) noexcept {
    const auto row = static_cast<std::size_t>(error);
    return row < kParseErrorCount ? kParseErrorRows[row].status : std::uint16_t{0};
}

// status_for, and 0 where no answer may be sent at all: responses, ACK (RFC 3261 17), no Via
// (18.2.2). This is what the dataplane asks.
[[nodiscard]] std::uint16_t answer_status(ParseError error, const MessageIndex& index) noexcept;

} // namespace tandem::sipparse
