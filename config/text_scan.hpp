// SPDX-License-Identifier: Apache-2.0
//
// Looks through the text of a configuration file before libconfig does, for what libconfig 1.5
// accepts silently or reports badly: an option given twice (both lines), numbers that would wrap,
// comments and strings without end, included files, zero bytes, and shapes that cost it quadratic
// time or deep nesting. It never judges options. Called by the loader, on the main thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "config/problem.hpp"

namespace tandem::config {

constexpr std::size_t kNestingMax = 8;         // a file needs three levels
constexpr std::size_t kGroupSettingsMax = 200; // libconfig compares each name with all before it

// Adds what it finds to `problems`; nothing found does not mean that the syntax is right.
void scan_text(std::string_view text, ProblemList& problems);

} // namespace tandem::config
