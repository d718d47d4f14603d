// SPDX-License-Identifier: Apache-2.0
//
// Privacy (RFC 3323 4.2, RFC 3325 9.3, RFC 7044 10.1): what somebody wants to be hidden. Any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::sipparse {

enum class PrivacyValue : std::uint8_t {
    Header,   // headers that cannot be set by the sender himself
    Session,  // the session's addresses
    User,     // headers that say who he is
    None,     // nothing, whatever the subscription says
    Critical, // refuse the request rather than do without
    Id,       // the asserted identity
    History,  // History-Info
    Unknown,  // any other one
};

class PrivacySet {
  public:
    [[nodiscard]] constexpr bool has(PrivacyValue value) const noexcept {
        return ((bits_ >> static_cast<unsigned>(value)) & 1U) != 0;
    }

    constexpr PrivacySet& add(PrivacyValue value) noexcept {
        bits_ = static_cast<std::uint8_t>(bits_ | 1U << static_cast<unsigned>(value));
        return *this;
    }

    bool operator==(const PrivacySet&) const = default;

  private:
    std::uint8_t bits_ = 0;
};

// Values are separated by semicolons; commas, which some senders use, are taken as well.
[[nodiscard]] std::optional<PrivacySet> parse_privacy(std::string_view value) noexcept;

} // namespace tandem::sipparse
