// SPDX-License-Identifier: Apache-2.0
//
// readline wants C functions without a context: what they need lies in one function-local object.
#include "cli/prompt.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <poll.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/completion.hpp"
#include "cli/session.hpp"
#include "ctl/listen_socket.hpp"

namespace tandem::cli {

namespace {

constexpr int kHistoryLinesMax = 1000;

struct PromptState {
    std::unique_ptr<Node> node; // as of the last line
    std::vector<std::string> candidates;
    std::size_t next = 0;
    ctl::Descriptor interrupts; // a signalfd of SIGINT
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

void drop_line() {
    rl_free_line_state();
    rl_crlf();
    rl_on_new_line();
    rl_replace_line("", 0);
    rl_redisplay();
}

// Waits for a key or for Ctrl-C. SIGINT is blocked in the whole prompt and read like input: a
// handler would lose the one that comes while readline does not wait.
int read_key(FILE* input) {
    const int interrupts = prompt_state().interrupts.number();
    for (;;) {
        std::array<pollfd, 2> polled = {{{.fd = interrupts, .events = POLLIN, .revents = 0},
                                         {.fd = ::fileno(input), .events = POLLIN, .revents = 0}}};
        if (::poll(polled.data(), polled.size(), -1) < 0) {
            if (errno != EINTR) {
                return EOF;
            }
            rl_check_signals(); // the window changed its size
            continue;
        }
        signalfd_siginfo interrupt{};
        if (::read(interrupts, &interrupt, sizeof interrupt) > 0) {
            drop_line();
        } else if (polled[1].revents != 0) {
            unsigned char key = 0;
            const ssize_t count = ::read(::fileno(input), &key, 1);
            if (count >= 0 || (errno != EINTR && errno != EAGAIN)) {
                return count > 0 ? key : EOF;
            }
        }
    }
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
    rl_getc_function = read_key;
    sigset_t interrupt{};
    ::sigemptyset(&interrupt);
    ::sigaddset(&interrupt, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &interrupt, nullptr);
    prompt_state().interrupts =
        ctl::Descriptor(::signalfd(-1, &interrupt, SFD_NONBLOCK | SFD_CLOEXEC));
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
