// SPDX-License-Identifier: Apache-2.0
//
// The word an operator probably meant. It only suggests: nobody acts on the guess. Used by the
// server for methods and enumerations and by tandemctl for commands. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::ctl {

// The candidate with the fewest edits (insert, delete, replace, swap of neighbours) from `word`, if
// they are at most a third of its length and at least one is allowed; else the shortest candidate
// that `word` begins. Nothing for words over 64 bytes.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

} // namespace tandem::ctl
