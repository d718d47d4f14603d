// SPDX-License-Identifier: Apache-2.0
//
// Lines are taken as they end; of a head nothing but Content-Length is read.
#include "sipparse/stream_framer.hpp"

#include "sipparse/index.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::string_view sentence(FrameError error) noexcept {
    switch (error) {
    case FrameError::None:
        return "well framed";
    case FrameError::MessageTooLong:
        return "message longer than 65535 bytes";
    case FrameError::MissingContentLength:
        return "no Content-Length in a stream";
    case FrameError::ContentLengthMalformed:
        return "malformed Content-Length";
    }
    return {};
}

FrameError StreamFramer::take_length(std::string_view value) noexcept {
    length_goes_on_ = value.empty() && !length_goes_on_;
    if (length_goes_on_) {
        return FrameError::None;
    }
    const auto length = parse_content_length(value);
    const bool is_first = !length_.has_value();
    length_ = length;
    return length && is_first ? FrameError::None : FrameError::ContentLengthMalformed;
}

// A line of the head without its end, not empty.
FrameError StreamFramer::take_line(std::string_view line) noexcept {
    const bool continues = is_white_space(line.front());
    if (length_goes_on_) {
        return continues ? take_length(trim(line)) : FrameError::ContentLengthMalformed;
    }
    const std::size_t colon = line.find(':');
    if (continues || colon == std::string_view::npos) {
        return FrameError::None;
    }
    const HeaderId id = find_header_id(trim_right(line.substr(0, colon)));
    return id == HeaderId::ContentLength ? take_length(trim(line.substr(colon + 1)))
                                         : FrameError::None;
}

Frame StreamFramer::look(std::string_view buffer) noexcept {
    while (looked_ == skipped_ && skipped_ < buffer.size() &&
           (buffer[skipped_] == '\r' || buffer[skipped_] == '\n')) {
        ++skipped_;
        looked_ = skipped_;
        line_ = skipped_;
    }
    while (error_ == FrameError::None && head_bytes_ == 0 && looked_ < buffer.size()) {
        const std::size_t newline = buffer.find('\n', looked_);
        looked_ = newline == std::string_view::npos ? buffer.size() : newline + 1;
        if (newline == std::string_view::npos) {
            break;
        }
        const bool has_return = newline > line_ && buffer[newline - 1] == '\r';
        const std::string_view line = buffer.substr(line_, newline - line_ - (has_return ? 1 : 0));
        line_ = looked_;
        if (!line.empty()) {
            error_ = take_line(line);
        } else {
            head_bytes_ = looked_;
            error_ = length_ ? FrameError::None : FrameError::MissingContentLength;
        }
    }
    const std::size_t known = head_bytes_ == 0 ? looked_ : head_bytes_ + length_.value_or(0);
    const std::size_t bytes = known - skipped_;
    if (error_ == FrameError::None && bytes > kMessageBytesMax) {
        error_ = FrameError::MessageTooLong;
    }
    const bool is_whole = error_ == FrameError::None && head_bytes_ != 0 && known <= buffer.size();
    return {
        .is_whole = is_whole, .error = error_, .skipped = skipped_, .bytes = is_whole ? bytes : 0};
}

} // namespace tandem::sipparse
