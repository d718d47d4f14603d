// SPDX-License-Identifier: Apache-2.0
//
// Words of an operator against the commands of a node: which command is meant, and its arguments
// as JSON. Also the usage line and the help text of a command. Pure but for what Node read before.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/node.hpp"

namespace tandem::cli {

using Words = std::vector<std::string>;

// A path at the front of the words; the longest one wins ("call show" before "call").
struct Match {
    std::string path;
    std::size_t words = 0; // how many of the words are the path
};

[[nodiscard]] std::optional<Match> match_path(const Node& node, const Words& words);

// "unknown command 'cals', did you mean 'calls'?"; for words that only begin a path ("call") the
// paths that continue them. One line.
[[nodiscard]] std::string unknown_command_text(const Node& node, const Words& words);

// The words behind the path as named arguments; the error is one line that names the argument.
[[nodiscard]] base::Result<nlohmann::json, std::string> params_of(const ctl::Command& command,
                                                                  const Words& words);

// "call show ID [--ladder]"
[[nodiscard]] std::string usage_of(const ctl::Command& command);
// Usage, what it does, each argument, and which process answers.
[[nodiscard]] std::string help_of(const std::vector<Offer>& offers);
// All commands with one line each.
[[nodiscard]] std::string overview_of(const Node& node);

// Splits a line as a shell does, with '…', "…" and backslash; an open quote ends with the line.
[[nodiscard]] Words split_words(std::string_view line);

} // namespace tandem::cli
