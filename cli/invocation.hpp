// SPDX-License-Identifier: Apache-2.0
//
// The options that belong to tandemctl itself, wherever they stand in the command line; all other
// words are the command's. Used for the process' arguments and for each line of the prompt.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "cli/command_line.hpp"

namespace tandem::cli {

struct Invocation {
    std::string run_directory = "/run/tandem";
    bool json = false;
    bool help = false;
    bool version = false;
    std::optional<std::chrono::milliseconds> watch = {}; // pause between two answers
    std::optional<std::string> complete = {};            // a line up to the cursor, for shells
    Words words = {};                                    // the command with its arguments
};

// Options that are not given keep the values of `before`. The error is one line.
[[nodiscard]] base::Result<Invocation, std::string> parse_invocation(const Words& words,
                                                                     const Invocation& before);

// How tandemctl is called, its options and its exit codes.
[[nodiscard]] std::string invocation_help();

} // namespace tandem::cli
