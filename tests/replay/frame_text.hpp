// SPDX-License-Identifier: Apache-2.0
//
// Frames as text and back: what a case file says becomes bytes, what the dataplane sent becomes
// text that can be compared. Written without the dataplane's code, so that both can be wrong only
// independently. See README.md for the words.
#pragma once

#include <string>
#include <string_view>

namespace tandem::replay {

// Where the node under test and its phone live.
inline constexpr std::string_view kNodeMac = "02:00:00:00:00:01";
inline constexpr std::string_view kPhoneMac = "02:00:00:00:00:64";

// One frame from its words ("udp 10.77.0.100:5060 > 10.77.0.10:5060 …") and its payload. Throws
// std::runtime_error with the word it does not understand.
[[nodiscard]] std::string frame_from_text(std::string_view words, std::string_view payload);

struct FrameText {
    std::string words;
    std::string payload; // of a UDP datagram
};

[[nodiscard]] FrameText text_from_frame(std::string_view frame);

// "0d0a" -> bytes. Throws for what is not hexadecimal.
[[nodiscard]] std::string bytes_from_hex(std::string_view hex);
[[nodiscard]] std::string hex_from_bytes(std::string_view bytes);

} // namespace tandem::replay
