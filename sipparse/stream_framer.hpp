// SPDX-License-Identifier: Apache-2.0
//
// Where messages end in a stream (RFC 3261 18.3, 20.14): a message is its head up to the empty line
// and as many bytes as Content-Length says. Every byte is looked at once, however the stream is cut
// into pieces. What a message holds is index_datagram()'s business, on the bytes found here. One
// connection uses a framer; no allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::sipparse {

enum class FrameError : std::uint8_t {
    None,
    MessageTooLong,         // head and body together, or a head without an end
    MissingContentLength,   // 20.14: a stream cannot do without
    ContentLengthMalformed, // no number, or two of them
};

[[nodiscard]] std::string_view sentence(FrameError error) noexcept;

struct Frame {
    // A whole message: `skipped` and then `bytes` are to be taken off the buffer. Without one and
    // without an error more has to come.
    bool is_whole = false;
    // Once there is an error the stream cannot be read on: nobody knows where the next message
    // begins.
    FrameError error = FrameError::None;
    std::size_t skipped = 0; // CR and LF in front: keep-alives (RFC 5626 4.4.1), or none
    std::size_t bytes = 0;   // of the message
};

class StreamFramer {
  public:
    // `buffer`: all bytes since the last message, at each call the same ones and those that came
    // since.
    [[nodiscard]] Frame look(std::string_view buffer) noexcept;

    // The whole message was taken off the buffer, with what was skipped.
    void next() noexcept { *this = StreamFramer(); }

  private:
    [[nodiscard]] FrameError take_line(std::string_view line) noexcept;
    [[nodiscard]] FrameError take_length(std::string_view value) noexcept;

    std::size_t skipped_ = 0;
    std::size_t looked_ = 0;     // bytes that hold no line end that was not taken
    std::size_t line_ = 0;       // where the line under way begins
    std::size_t head_bytes_ = 0; // with what was skipped; 0: the empty line has not come
    std::optional<std::uint32_t> length_;
    bool length_goes_on_ = false; // the line of Content-Length had no value: it is folded
    FrameError error_ = FrameError::None;
};

} // namespace tandem::sipparse
