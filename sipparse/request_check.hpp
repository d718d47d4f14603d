// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a message whose index is good: stage 2 asked for its errors. What an element
// must read to route a request and to answer it is checked by check_request(), every header of a
// message by check_headers(). RFC 4475 lets an element pass over what it does not need, so the
// first is for whoever handles a request and the second for whoever vouches for a message. Decides
// nothing about methods and hops, looks for no dialog, never answers. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sipparse/message_view.hpp"
#include "sipparse/option_tags.hpp"
#include "sipparse/parse_error.hpp"

namespace tandem::sipparse {

struct Defect {
    ParseError error = ParseError::None;
    HeaderId header = HeaderId::Other; // of its line; Other: the start line, or a header we lack
    std::uint16_t offset = 0;          // of `text` in the message
    std::string_view text = {};        // the URI, the value or element, or the first bad option tag

    [[nodiscard]] explicit operator bool() const noexcept { return error != ParseError::None; }
};

// What the element that got the request can do.
struct RequestRules {
    OptionTagSet option_tags = {}; // supported ones: of Require and Proxy-Require
    bool takes_sips = false;       // of the Request-URI; sip is taken always, tel never
    bool follows_route = false;    // a proxy (RFC 3261 16.4); a user agent server reads no Route
};

// The first defect of a request without an error of stage 1, in this order: the Request-URI (its
// scheme before the rest of it); the top Via, From with its tag, To; Contact where the request
// makes a dialog or registers; Record-Route where it makes one; Route; extensions. Extensions are
// not held against ACK and CANCEL (8.2.2.3). What nobody needs is nobody's defect (8.2.2): lower
// Vias, and in a dialog Contact and Record-Route. The status is that of answer_status().
[[nodiscard]] Defect check_request(const MessageView& view, const RequestRules& rules) noexcept;

// The first element of any header that its own parser refuses, in the order of the message; of
// requests and responses.
[[nodiscard]] Defect check_headers(const MessageView& view) noexcept;

// The defect an error of stage 1 is, with the header its place is in.
[[nodiscard]] Defect defect_of(ParseError error, const MessageView& view) noexcept;

// As sentence(ParseError), but naming the header: "malformed Contact". A reason phrase.
[[nodiscard]] std::string_view sentence(const Defect& defect) noexcept;

inline constexpr std::size_t kDefectTextBytes = 80;

// For a log or a trace: "malformed Contact at byte 312". Cut where `out` ends; kDefectTextBytes
// take all of it.
[[nodiscard]] std::string_view describe(const Defect& defect, std::span<char> out) noexcept;

} // namespace tandem::sipparse
