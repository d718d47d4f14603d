// SPDX-License-Identifier: Apache-2.0
//
// Headers whose value is one number: Content-Length, Max-Forwards, Expires, Min-Expires, RSeq, and
// those with parameters or a comment behind it: Min-SE, Retry-After. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/message_view.hpp"

namespace tandem::sipparse {

// delta-seconds larger than 32 bits mean the largest value (RFC 3261 20.19), they are no error.
inline constexpr std::uint32_t kDeltaSecondsMax = 0xffff'ffff;

inline constexpr std::uint64_t kMaxForwardsMax = 255;           // RFC 3261 20.22
inline constexpr std::uint64_t kContentLengthMax = 0xffff'ffff; // nobody sends more

// 0..255 (RFC 3261 20.22).
[[nodiscard]] std::optional<std::uint8_t> parse_max_forwards(std::string_view value) noexcept;
// 0..2^32-1; larger numbers are refused.
[[nodiscard]] std::optional<std::uint32_t> parse_content_length(std::string_view value) noexcept;
// Seconds: Expires, Min-Expires, the expires parameter of Contact. Clamped to kDeltaSecondsMax.
[[nodiscard]] std::optional<std::uint32_t> parse_delta_seconds(std::string_view value) noexcept;
// Seconds before ";" or "(": Min-SE (RFC 4028 5), Retry-After (RFC 3261 20.33). Clamped.
[[nodiscard]] std::optional<std::uint32_t>
parse_leading_delta_seconds(std::string_view value) noexcept;
// 1..2^31-1 as RFC 3262 7.1 has it.
[[nodiscard]] std::optional<std::uint32_t> parse_rseq(std::string_view value) noexcept;

} // namespace tandem::sipparse
