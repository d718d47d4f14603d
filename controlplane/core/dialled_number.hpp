// SPDX-License-Identifier: Apache-2.0
//
// The number a user part stands for: escapes undone, so that "%31000" finds DN 1000 (RFC 3261
// 19.1.4). Lives on the stack; a user part longer than any number is cut and so finds nothing.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace tandem::controlplane {

class DialledNumber {
  public:
    // Longer than every DN (config) by one, so that a cut text can equal none.
    static constexpr std::size_t kBytesMax = 129;

    explicit DialledNumber(std::string_view user);

    [[nodiscard]] std::string_view text() const { return {text_.data(), bytes_}; }

  private:
    std::array<char, kBytesMax> text_; // NOLINT(*-member-init): only `bytes_` are read
    std::size_t bytes_ = 0;
};

} // namespace tandem::controlplane
