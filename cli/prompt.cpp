// SPDX-License-Identifier: Apache-2.0
//
// readline wants C functions without a context: what they need lies in one function-local object.
#include "cli/prompt.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <readline/history.h>
#include <readline/readline.h>
#include <sys/stat.h>

#include "cli/completion.hpp"
#include "cli/session.hpp"

namespace tandem::cli {

namespace {

constexpr int kHistoryLinesMax = 1000;

struct PromptState {
    std::unique_ptr<Node> node; // as of the last line
    std::vector<std::string> candidates;
    std::size_t next = 0;
};

PromptState& prompt_state() {
    static PromptState state;
    return state;
}

// readline frees what this returns, so it comes from malloc.
char* next_candidate(const char* /*text*/, int /*state*/) {
    auto& state = prompt_state();
    if (state.next == state.candidates.size()) {
        return nullptr;
    }
    return ::strdup(state.candidates[state.next++].c_str());
}

char** complete(const char* text, int start, int /*end*/) {
    auto& state = prompt_state();
    // Without this readline would offer file names when we have nothing.
    rl_attempted_completion_over = 1;
    const std::string line(rl_line_buffer, static_cast<std::size_t>(start));
    state.candidates = completions_of(*state.node, line + text);
    state.next = 0;
    return rl_completion_matches(text, next_candidate);
}

void note_interrupt(int /*signal*/) {
    // The read of the terminal ends with EINTR, and readline calls drop_line.
}

int drop_line() {
    rl_crlf();
    rl_on_new_line();
    rl_replace_line("", 0);
    rl_redisplay();
    return 0;
}

std::string history_path() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): tandemctl has one thread.
    const char* home = std::getenv("HOME");
    return home == nullptr ? std::string() : std::string(home) + "/.tandemctl_history";
}

void prepare_readline() {
    rl_readline_name = "tandemctl";
    rl_attempted_completion_function = complete;
    rl_basic_word_break_characters = " \t";
    rl_catch_signals = 0;
    rl_signal_event_hook = drop_line;
    struct sigaction action = {};
    action.sa_handler = note_interrupt;
    ::sigaction(SIGINT, &action, nullptr);
    ::stifle_history(kHistoryLinesMax);
}

void remember(const std::string& line) {
    const auto* last =
        ::history_length > 0 ? ::history_get(history_base + history_length - 1) : nullptr;
    if (last == nullptr || line != last->line) {
        ::add_history(line.c_str());
    }
}

// False when the line asks to leave.
bool carry_out_line(const std::string& line, const Invocation& before) {
    const auto words = split_words(line);
    if (words.empty()) {
        return true;
    }
    if (words.front() == "exit" || words.front() == "quit") {
        return false;
    }
    const auto invocation = parse_invocation(words, before);
    if (!invocation) {
        fmt::print(stderr, "tandemctl: {}\n", invocation.error());
        return true;
    }
    static_cast<void>(carry_out(*invocation));
    return true;
}

} // namespace

ExitCode run_prompt(const Invocation& invocation) {
    prepare_readline();
    const auto history = history_path();
    if (!history.empty()) {
        ::read_history(history.c_str());
    }
    fmt::print("tandemctl on {}: 'help' lists the commands, Tab completes, Ctrl-D leaves\n",
               invocation.run_directory);
    for (;;) {
        prompt_state().node = std::make_unique<Node>(invocation.run_directory);
        const std::unique_ptr<char, decltype(&std::free)> line(::readline("tandem> "), &std::free);
        if (!line) {
            fmt::print("\n");
            break;
        }
        if (*line != '\0') {
            remember(line.get());
        }
        if (!carry_out_line(line.get(), invocation)) {
            break;
        }
    }
    if (!history.empty()) {
        ::write_history(history.c_str());
        ::chmod(history.c_str(), 0600);
    }
    return ExitCode::Done;
}

} // namespace tandem::cli
