// SPDX-License-Identifier: Apache-2.0
//
// What may stand at the cursor: words of commands, options, and the values of enumerations. Serves
// the prompt and, through --complete, the shell. Pure but for what Node read before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/node.hpp"

namespace tandem::cli {

// `line` up to the cursor, without "tandemctl"; each candidate replaces its last, unfinished word.
[[nodiscard]] std::vector<std::string> completions_of(const Node& node, std::string_view line);

} // namespace tandem::cli
