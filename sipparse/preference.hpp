// SPDX-License-Identifier: Apache-2.0
//
// What somebody would rather have: the quality of Accept, Accept-Encoding, Accept-Language and
// Contact (RFC 3261 20.1 to 20.3, 20.10). One element; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

inline constexpr std::uint16_t kQualityMax = 1'000;

// qvalue in thousandths: "0.7" is 700.
[[nodiscard]] std::optional<std::uint16_t> parse_quality(std::string_view text) noexcept;

// The quality among parameters: kQualityMax without one, nothing when it is malformed.
[[nodiscard]] std::optional<std::uint16_t> quality_of(const Params& params) noexcept;

// An element of Accept-Encoding ("gzip;q=0.5") or Accept-Language ("en-gb").
struct Preference {
    std::string_view value;              // may be "*"
    std::uint16_t quality = kQualityMax; // thousandths
    Params params;
};

[[nodiscard]] std::optional<Preference> parse_preference(std::string_view element) noexcept;

} // namespace tandem::sipparse
