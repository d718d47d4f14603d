// SPDX-License-Identifier: Apache-2.0
//
// The prompt of tandemctl on a terminal: lines with history and completion, each carried out like a
// command line of its own.
#pragma once

#include "cli/invocation.hpp"
#include "cli/run_command.hpp"

namespace tandem::cli {

// Runs until end of input, "exit" or "quit". Ctrl-C drops the line, or ends --watch.
[[nodiscard]] ExitCode run_prompt(const Invocation& invocation);

} // namespace tandem::cli
