// SPDX-License-Identifier: Apache-2.0
//
// Loads and validates a configuration file. Decides whether a file may be used; never changes a
// running node and never throws: libconfig's exceptions end here. Called by both processes and by
// their --check, on the main thread before anything is started.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "config/problem.hpp"

namespace tandem::config {

constexpr std::uint64_t kFileBytesMax = 256ULL << 20; // 200,000 DNs one by one take about 20 MiB

// All problems that can be seen in one go are reported, in the order of their lines. A syntax
// error, or an option that is given twice in one group, hides what comes after it, since the file
// has no meaning then.
[[nodiscard]] base::Result<Configuration, std::vector<Problem>> load_file(const std::string& path);

// The same for a text that was read already; `name` stands for the file in what is reported.
[[nodiscard]] base::Result<Configuration, std::vector<Problem>> load_text(const std::string& text,
                                                                          const std::string& name);

// "file:line: text", one line for each problem.
[[nodiscard]] std::string problems_text(const std::vector<Problem>& problems);
// Writes problems_text() to `out` (standard error in the processes).
void print_problems(const std::vector<Problem>& problems, std::FILE* out);

} // namespace tandem::config
