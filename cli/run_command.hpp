// SPDX-License-Identifier: Apache-2.0
//
// One command line from its words to its output and exit code: which process is asked, and what is
// said when one of them, or both, are not there. It writes to no stream itself.
#pragma once

#include <string>

#include "cli/command_line.hpp"
#include "cli/node.hpp"

namespace tandem::cli {

// Exit codes are a contract with scripts.
enum class ExitCode : int {
    Done = 0,
    Failed = 1, // the process answered with an error
    Usage = 2,  // no such command, or wrong arguments
    Silent = 3, // the process that has the answer is down, unreachable or did not answer in time
};

struct Outcome {
    ExitCode code = ExitCode::Done;
    std::string output = {}; // for standard output
    std::string error = {};  // for standard error
};

// A command that both processes offer is asked of both; it is Done when one of them answered and no
// other answered with an error, since the missing one is named in the output.
[[nodiscard]] Outcome run_command(const Node& node, const Words& words, bool as_json);

// The help of tandemctl, or of the command that `words` name.
[[nodiscard]] Outcome run_help(const Node& node, const Words& words);

// "no node runs in /run/tandem …".
[[nodiscard]] std::string no_node_text(const Node& node);

} // namespace tandem::cli
