// SPDX-License-Identifier: Apache-2.0
//
// The index of one SIP message as it lies in shared memory: offsets into the message, no pointers,
// explicit widths, trivially copyable. Stage 1 (index.hpp) fills it, MessageView reads it. In
// shared memory only index_bytes(header_count) bytes of it exist. A reader in the other process
// treats it as hostile: copy_index() or validate() first. Any thread; holds no state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "sipparse/header_id.hpp"
#include "sipparse/method.hpp"

namespace tandem::sipparse {

// A datagram cannot be longer, and 16 bits are enough for every offset.
inline constexpr std::size_t kMessageBytesMax = 65'535;
// Four times what the longest real message of a call centre carries; RFC 4475's longest has 44. A
// line's number is one byte.
inline constexpr std::size_t kHeaderLinesMax = 255;
inline constexpr std::size_t kHeaderNameBytesMax = 255;

enum class MessageKind : std::uint8_t {
    None = 0, // the start line was neither
    Request = 1,
    Response = 2,
};

struct ByteSpan {
    std::uint16_t offset = 0; // from the first byte of the datagram
    std::uint16_t bytes = 0;

    bool operator==(const ByteSpan&) const = default;
};

// One header line (folded lines are one). The value has no white space at its ends; inside it,
// folds (CRLF and white space) are still there and count as white space. Between the name and the
// value stand the colon and white space: MessageView::name_of() finds the end of the name.
struct HeaderLine {
    std::uint16_t name_offset = 0;
    std::uint16_t value_offset = 0; // of an empty value: where the text of the line ends
    std::uint16_t value_bytes = 0;
    HeaderId id = HeaderId::Other;
    std::uint8_t next = 0; // number of the next line of the same id; 0: this is the last one

    bool operator==(const HeaderLine&) const = default;
};

// One byte for each header id, and room for some more without a change of the layout.
inline constexpr std::size_t kFirstLines = 102;
static_assert(kHeaderIdCount <= kFirstLines);

struct MessageIndex {
    std::uint16_t total_bytes = 0;  // up to the end of the body; the datagram may be longer
    std::uint16_t header_count = 0; // lines in use, at most kHeaderLinesMax
    std::uint16_t status_code = 0;  // responses: 100..699
    MessageKind kind = MessageKind::None;
    Method method = Method::Other;             // responses: the method of CSeq
    ByteSpan method_text;                      // responses: inside the CSeq value
    ByteSpan request_uri;                      // requests
    ByteSpan version;                          // "SIP/2.0"
    ByteSpan reason;                           // responses; may be empty
    ByteSpan body;                             // may be empty
    std::uint32_t cseq_number = 0;             // 0 also when CSeq is missing or bad
    std::array<std::uint64_t, 2> present = {}; // bit id % 64 of word id / 64: a line of it exists
    // Number of the first line of each id; 0 where `present` does not say that there is one.
    std::array<std::uint8_t, kFirstLines> first = {};
    std::uint16_t error_offset = 0; // where the error that was returned is; 0 without an error
    std::array<HeaderLine, kHeaderLinesMax> lines; // only header_count of them are written
};

static_assert(sizeof(ByteSpan) == 4);
static_assert(sizeof(HeaderLine) == 8);
static_assert(offsetof(MessageIndex, method_text) == 8);
static_assert(offsetof(MessageIndex, cseq_number) == 28);
static_assert(offsetof(MessageIndex, present) == 32);
static_assert(offsetof(MessageIndex, first) == 48);
static_assert(offsetof(MessageIndex, lines) == 152);
static_assert(sizeof(MessageIndex) == 152 + kHeaderLinesMax * sizeof(HeaderLine));
static_assert(alignof(MessageIndex) == 8);
static_assert(std::is_trivially_copyable_v<MessageIndex>);
static_assert(std::is_standard_layout_v<MessageIndex>);

inline constexpr std::size_t kIndexHeadBytes = offsetof(MessageIndex, lines);

// Bytes in use by an index of that many header lines; what is copied into shared memory.
[[nodiscard]] constexpr std::size_t index_bytes(std::size_t header_count) noexcept {
    return kIndexHeadBytes + header_count * sizeof(HeaderLine);
}

[[nodiscard]] constexpr bool has_header(const MessageIndex& index, HeaderId id) noexcept {
    const auto bit = static_cast<std::size_t>(id);
    return ((index.present[(bit / 64) & 1] >> (bit % 64)) & 1) != 0;
}

// Is every offset, count and enumerator of the index in range for a message of `message_bytes`,
// and do its lines lie inside `available_bytes` of index? After true, a MessageView over it cannot
// read outside the message. The writer could still change it afterwards: see copy_index.
[[nodiscard]] bool validate(const MessageIndex& index,
                            std::size_t available_bytes,
                            std::size_t message_bytes) noexcept;

// Copies an index out of memory the other process can write and validates the copy, so that
// nothing changes between the check and the use. False: `out` must not be used.
[[nodiscard]] bool copy_index(std::span<const std::byte> record,
                              std::size_t message_bytes,
                              MessageIndex& out) noexcept;

} // namespace tandem::sipparse
