// SPDX-License-Identifier: Apache-2.0
//
// CLI11 with everything it does not know left to the command.
#include "cli/invocation.hpp"

#include <CLI/CLI.hpp>

namespace tandem::cli {

namespace {

constexpr const char* kWatchPreset = "2";
constexpr double kWatchSecondsMin = 0.1;
constexpr double kWatchSecondsMax = 86400;

bool is_seconds(const std::string& word) {
    return !word.empty() && word.find_first_not_of("0123456789.") == std::string::npos;
}

// "--watch 5" and "--watch" as "--watch=5" and "--watch=2": the value is optional, and the next
// word may be the command.
Words with_watch_values(const Words& words) {
    Words changed;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (words[at] == "--") {
            changed.insert(
                changed.end(), words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
            break;
        }
        if (words[at] != "--watch") {
            changed.push_back(words[at]);
        } else if (at + 1 < words.size() && is_seconds(words[at + 1])) {
            changed.push_back("--watch=" + words[++at]);
        } else {
            changed.push_back(std::string("--watch=") + kWatchPreset);
        }
    }
    return changed;
}

} // namespace

base::Result<Invocation, std::string> parse_invocation(const Words& words,
                                                       const Invocation& before) {
    Invocation invocation = before;
    double watch_seconds = 0;
    std::string complete;
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    app.add_flag("--json", invocation.json);
    app.add_flag("--help,-h", invocation.help);
    app.add_flag("--version", invocation.version);
    app.add_option("--run-directory", invocation.run_directory)->envname("TANDEM_RUN_DIRECTORY");
    const auto* watch = app.add_option("--watch", watch_seconds)
                            ->check(CLI::Range(kWatchSecondsMin, kWatchSecondsMax));
    const auto* completion = app.add_option("--complete", complete);
    try {
        auto reversed = with_watch_values(words);
        std::reverse(reversed.begin(), reversed.end());
        app.parse(reversed);
    } catch (const CLI::Error& error) {
        return base::Error{std::string(error.what())};
    }
    if (watch->count() > 0) {
        invocation.watch = std::chrono::milliseconds(static_cast<int>(watch_seconds * 1000));
    }
    if (completion->count() > 0) {
        invocation.complete = complete;
    }
    invocation.words = app.remaining();
    return invocation;
}

std::string invocation_help() {
    return "usage: tandemctl [OPTION…] [COMMAND [ARGUMENT…]]\n"
           "\n"
           "Asks the processes of a running node. Without a command, on a terminal: a prompt.\n"
           "\n"
           "  --run-directory DIR  where the node has its control sockets\n"
           "                       (without it: $TANDEM_RUN_DIRECTORY, else /run/tandem)\n"
           "  --json               print the answer as JSON\n"
           "  --watch[=SECONDS]    repeat until Ctrl-C (without a number: every 2 seconds)\n"
           "  --help, -h           this text, or the help of the command\n"
           "  --version            print the version\n"
           "\n"
           "  help [COMMAND]       the same as --help\n"
           "\n"
           "Exit codes: 0 done; 1 the command failed; 2 wrong command or arguments;\n"
           "            3 the process that has the answer is down or silent.\n";
}

} // namespace tandem::cli
