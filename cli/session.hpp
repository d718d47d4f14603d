// SPDX-License-Identifier: Apache-2.0
//
// Carries out one invocation on the streams of this process: once, or again and again (--watch).
#pragma once

#include "cli/invocation.hpp"
#include "cli/run_command.hpp"

namespace tandem::cli {

// Writes output and errors; with --watch it returns Done at Ctrl-C, or the code of a command that
// cannot be right next time (Usage).
[[nodiscard]] ExitCode carry_out(const Invocation& invocation);

} // namespace tandem::cli
