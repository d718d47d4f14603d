// SPDX-License-Identifier: Apache-2.0
//
// Writes SIP messages into memory the caller gives: piece by piece (MessageWriter), a response from
// a request (write_response), a message from another one plus edits (write_edited). Never
// allocates. What does not fit is an empty result, never a cut message. No value can bring a line
// end into the output: CR and LF of folded values become spaces. The dataplane and the core write
// everything they send with it; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "sipparse/message_view.hpp"

namespace tandem::sipparse {

class MessageWriter {
  public:
    // `out` must outlive the writer and must not overlap anything that is written.
    explicit MessageWriter(std::span<char> out) noexcept : out_(out) {}

    void request_line(std::string_view method, std::string_view request_uri) noexcept;
    void status_line(std::uint16_t status_code, std::string_view reason) noexcept;

    // One line; the value is the pieces joined. Not for Other.
    void header(HeaderId id, std::initializer_list<std::string_view> pieces) noexcept;

    void header(HeaderId id, std::string_view value) noexcept { header(id, {value}); }

    void header(HeaderId id, std::uint64_t value) noexcept;
    void header_raw(std::string_view name, std::string_view value) noexcept;

    // A header of the value's making in steps: begin, any number of value(), end.
    void begin_header(HeaderId id) noexcept;
    void begin_header_raw(std::string_view name) noexcept;
    void value(std::string_view piece) noexcept;
    void value(std::uint64_t number) noexcept;
    void end_header() noexcept;

    // Content-Length, the empty line and the body: always the last call. Content-Type is written
    // when given.
    void body(std::string_view content_type, std::string_view bytes) noexcept;

    void no_body() noexcept { body({}, {}); }

    // Whole lines that a writer wrote, as they are.
    void lines(std::string_view written) noexcept { append(written); }

    // Lines of a message as they are. False, and nothing is written: they do not fit, or the text
    // is not `count` lines that end in CRLF, with no other CR or LF in it.
    [[nodiscard]] bool lines(std::string_view text, std::size_t count) noexcept;

    // The message; empty when it did not fit or a header had no usable name.
    [[nodiscard]] std::string_view finish() const noexcept {
        return failed_ ? std::string_view{} : std::string_view{out_.data(), used_};
    }

    [[nodiscard]] bool failed() const noexcept { return failed_; }

  private:
    void append(std::string_view text) noexcept;
    void append_line_end() noexcept;
    void append_number(std::uint64_t number) noexcept;
    void append_value(std::string_view text) noexcept;

    std::span<char> out_;
    std::size_t used_ = 0;
    bool failed_ = false;
};

struct ExtraHeader {
    HeaderId id = HeaderId::Other;
    std::string_view value;
    std::string_view name = {}; // instead of the id's name when id is Other
};

struct ResponseOptions {
    std::uint16_t status_code = 0;
    std::string_view reason;
    std::string_view to_tag = {};   // added to To when it has no tag
    std::string_view received = {}; // received of the top Via (RFC 3261 18.2.1), replaces one there
    std::uint16_t rport = 0; // rport value of the top Via when it asks (RFC 3581 4); 0 = none
    bool copy_record_route = false; // responses that form a dialog (12.1.1)
    std::span<const ExtraHeader> headers = {};
    std::string_view content_type = {};
    std::string_view body = {};
};

// RFC 3261 8.2.6.2: all Via, From, To, Call-ID and CSeq of the request, as far as they are there,
// then the headers given, Content-Length and the body. Empty when it does not fit.
[[nodiscard]] std::string_view write_response(const MessageView& request,
                                              const ResponseOptions& options,
                                              std::span<char> out) noexcept;

// The same from a response that write_response() wrote without extra headers and without a body,
// instead of from the request: its lines are copied in runs, without an index. received and rport
// of the options do not count, those of the head stay. Empty also when `head` is no such response.
[[nodiscard]] std::string_view write_response_from_head(std::string_view head,
                                                        const ResponseOptions& options,
                                                        std::span<char> out) noexcept;

enum class EditKind : std::uint8_t {
    Remove,      // all lines of it
    RemoveFirst, // the first element of a list: the top Via, the first Route; else the first line
    Replace,     // the first line gets the value, other lines go; appended when there is none
    Append,      // a line behind all others
    Prepend,     // a line in front of all others; several stand in the order given
};

struct HeaderEdit {
    EditKind kind = EditKind::Remove;
    HeaderId id = HeaderId::Other;
    std::string_view value = {};
    std::string_view name = {}; // instead of the id's name when id is Other
};

struct MessageEdits {
    std::string_view request_uri = {}; // requests: empty = as it is
    std::span<const HeaderEdit> headers = {};
    std::optional<std::string_view> body = {}; // nothing = as it is
};

// Copies the message with edits. Lines that no edit concerns come out as they are written in the
// message, but folded ones on one line, and all with CRLF. Content-Length is always written anew
// and must not be edited. Empty when it does not fit.
[[nodiscard]] std::string_view
write_edited(const MessageView& view, const MessageEdits& edits, std::span<char> out) noexcept;

} // namespace tandem::sipparse
