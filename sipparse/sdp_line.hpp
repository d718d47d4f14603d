// SPDX-License-Identifier: Apache-2.0
//
// Lines of a session description. Inside sipparse only; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace tandem::sipparse {

struct SdpLine {
    std::string_view text; // without its end
    std::string_view end;  // CRLF, LF, or nothing at the end of the text

    [[nodiscard]] std::size_t bytes() const noexcept { return text.size() + end.size(); }
};

// The first line; both parts are empty when `text` is.
[[nodiscard]] inline SdpLine first_sdp_line(std::string_view text) noexcept {
    const std::size_t newline = text.find('\n');
    if (newline == std::string_view::npos) {
        return {text, text.substr(text.size())};
    }
    const std::size_t end = newline > 0 && text[newline - 1] == '\r' ? newline - 1 : newline;
    return {text.substr(0, end), text.substr(end, newline + 1 - end)};
}

// The same, taken off the front.
[[nodiscard]] inline SdpLine take_sdp_line(std::string_view& text) noexcept {
    const SdpLine line = first_sdp_line(text);
    text.remove_prefix(line.bytes());
    return line;
}

} // namespace tandem::sipparse
