// SPDX-License-Identifier: Apache-2.0
//
// Option tags of Require, Proxy-Require, Supported and Unsupported (RFC 3261 19.2) as a set of
// those the switch knows, and the first one it does not support. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sipparse/message_view.hpp"

namespace tandem::sipparse {

enum class OptionTag : std::uint8_t {
    Reliable100,  // 100rel, RFC 3262
    Timer,        // RFC 4028
    Replaces,     // RFC 3891
    Path,         // RFC 3327
    NoReferSub,   // norefersub, RFC 4488
    Outbound,     // RFC 5626
    Gruu,         // RFC 5627
    Histinfo,     // RFC 7044
    Join,         // RFC 3911
    TargetDialog, // tdialog, RFC 4538
    FromChange,   // RFC 4916
    EarlySession, // early-session, RFC 3959
};

class OptionTagSet {
  public:
    constexpr OptionTagSet() = default;

    [[nodiscard]] constexpr bool has(OptionTag tag) const noexcept {
        return ((bits_ >> static_cast<unsigned>(tag)) & 1U) != 0;
    }

    constexpr OptionTagSet& add(OptionTag tag) noexcept {
        bits_ |= 1U << static_cast<unsigned>(tag);
        return *this;
    }

    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }

    bool operator==(const OptionTagSet&) const = default;

  private:
    std::uint32_t bits_ = 0;
};

[[nodiscard]] std::optional<OptionTag> find_option_tag(std::string_view text) noexcept;
[[nodiscard]] std::string_view option_tag_name(OptionTag tag) noexcept;

// The known tags over all lines of Require or Supported.
[[nodiscard]] OptionTagSet option_tags(const MessageView& view, HeaderId id) noexcept;

// The first tag of that header that is not in `supported`, for the Unsupported header of a 420;
// nothing when all are.
[[nodiscard]] std::optional<std::string_view>
first_unsupported(const MessageView& view, HeaderId id, OptionTagSet supported) noexcept;

// The value of the Unsupported header of a 420: all tags of Require and Proxy-Require that are not
// in `supported` (8.2.2.3, 16.3 step 5), in their order, as many as fit. Empty when all are.
[[nodiscard]] std::string_view
write_unsupported(const MessageView& view, OptionTagSet supported, std::span<char> out) noexcept;

} // namespace tandem::sipparse
