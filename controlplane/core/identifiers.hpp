// SPDX-License-Identifier: Apache-2.0
//
// The names the switch gives: tags and Call-IDs begin with the call id, which holds node and term,
// so a promoted node repeats none and a request is led to its call without a table of dialogs.
// Texts on the stack. Core thread only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/random.hpp"

namespace tandem::controlplane {

constexpr std::size_t kCallIdDigits = 16;

// "<16 hex digits of the call>-<random hex digits>": 48 random bits make a tag (RFC 3261 section
// 19.3 wants 32), 80 a Call-ID.
template <std::size_t kRandomDigits>
class NamedText {
  public:
    NamedText(std::uint64_t call_id, base::RandomStream& random) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        for (std::size_t i = 0; i < kCallIdDigits; ++i) {
            text_[i] = kDigits[call_id >> (60U - 4U * i) & 0xfU];
        }
        text_[kCallIdDigits] = '-';
        random.fill_hex({text_.data() + kCallIdDigits + 1, kRandomDigits});
    }

    [[nodiscard]] std::string_view text() const { return {text_.data(), text_.size()}; }

  private:
    std::array<char, kCallIdDigits + 1 + kRandomDigits> text_{};
};

using TagText = NamedText<12>;
using CallIdText = NamedText<20>;

// The call named in a tag of ours; nothing for a tag that is not.
[[nodiscard]] std::optional<std::uint64_t> call_id_of_tag(std::string_view tag);

} // namespace tandem::controlplane
