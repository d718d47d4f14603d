// SPDX-License-Identifier: Apache-2.0
//
// tandemctl: asks the processes of a node over their control sockets. It knows no command by
// itself; the tables of the processes say what there is and how answers are shown.
#include <exception>
#include <fmt/format.h>
#include <unistd.h>

#include "cli/completion.hpp"
#include "cli/prompt.hpp"
#include "cli/session.hpp"

namespace tandem::cli {

namespace {

ExitCode print_completions(const Invocation& invocation) {
    // The line may name another node than the shell's call of --complete does.
    auto words = split_words(*invocation.complete);
    const auto named = parse_invocation(words, invocation);
    const Node node(named ? named->run_directory : invocation.run_directory);
    for (const auto& candidate : completions_of(node, *invocation.complete)) {
        fmt::print("{}\n", candidate);
    }
    return ExitCode::Done;
}

ExitCode run(const Words& words) {
    const auto invocation = parse_invocation(words, {});
    if (!invocation) {
        fmt::print(stderr, "tandemctl: {}\n{}", invocation.error(), invocation_help());
        return ExitCode::Usage;
    }
    if (invocation->version) {
        fmt::print("tandemctl {}\n", TANDEM_VERSION);
        return ExitCode::Done;
    }
    if (invocation->complete) {
        return print_completions(*invocation);
    }
    const bool has_command = !invocation->words.empty() || invocation->help;
    if (!has_command && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1) {
        return run_prompt(*invocation);
    }
    const auto code = carry_out(*invocation);
    return has_command ? code : ExitCode::Usage;
}

} // namespace

} // namespace tandem::cli

int main(int argc, char** argv) {
    try {
        return static_cast<int>(tandem::cli::run({argv + 1, argv + argc}));
    } catch (const std::exception& error) {
        fmt::print(stderr, "tandemctl: {}\n", error.what());
        return 1;
    }
}
