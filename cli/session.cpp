// SPDX-License-Identifier: Apache-2.0
//
// --watch waits for the interrupt instead of handling it: SIGINT is blocked and taken with
// sigtimedwait, so that no handler and no global flag are needed and the loop ends between blocks.
#include "cli/session.hpp"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "cli/value_text.hpp"

namespace tandem::cli {

namespace {

constexpr std::string_view kClearScreen = "\033[H\033[2J";

Outcome outcome_of(const Invocation& invocation) {
    const Node node(invocation.run_directory);
    Words words = invocation.words;
    const bool says_help = !words.empty() && words.front() == "help";
    if (says_help) {
        words.erase(words.begin());
    }
    if (says_help || invocation.help || words.empty()) {
        return run_help(node, words);
    }
    return run_command(node, words, invocation.json);
}

void print(const Outcome& outcome) {
    fmt::print(stdout, "{}", outcome.output);
    std::fflush(stdout);
    fmt::print(stderr, "{}", outcome.error);
}

std::string separator_line() {
    const auto now_ms = static_cast<std::int64_t>(std::time(nullptr)) * 1000;
    return fmt::format("--- {}\n", value_text(now_ms, ctl::ColumnType::Time));
}

// Blocks SIGINT for its lifetime.
class InterruptWait {
  public:
    InterruptWait() {
        ::sigemptyset(&interrupt_);
        ::sigaddset(&interrupt_, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &interrupt_, &before_);
    }

    InterruptWait(const InterruptWait&) = delete;
    InterruptWait& operator=(const InterruptWait&) = delete;

    ~InterruptWait() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    // True when an interrupt came within `pause`.
    [[nodiscard]] bool came_within(std::chrono::milliseconds pause) const {
        const timespec wait = {.tv_sec = pause.count() / 1000,
                               .tv_nsec = pause.count() % 1000 * 1'000'000};
        for (;;) {
            if (::sigtimedwait(&interrupt_, nullptr, &wait) == SIGINT) {
                return true;
            }
            if (errno != EINTR) {
                return false;
            }
        }
    }

  private:
    sigset_t interrupt_{};
    sigset_t before_{};
};

ExitCode watch(const Invocation& invocation) {
    const InterruptWait interrupt;
    const bool on_terminal = ::isatty(STDOUT_FILENO) == 1;
    for (bool is_first = true;; is_first = false) {
        auto outcome = outcome_of(invocation);
        if (on_terminal) {
            outcome.output.insert(0, kClearScreen);
        } else if (!is_first && !invocation.json) {
            outcome.output.insert(0, separator_line());
        }
        print(outcome);
        if (outcome.code == ExitCode::Usage) {
            return outcome.code;
        }
        if (interrupt.came_within(*invocation.watch)) {
            return ExitCode::Done;
        }
    }
}

} // namespace

ExitCode carry_out(const Invocation& invocation) {
    const bool is_help = invocation.help || invocation.words.empty();
    if (invocation.watch && !is_help) {
        return watch(invocation);
    }
    const auto outcome = outcome_of(invocation);
    print(outcome);
    return outcome.code;
}

} // namespace tandem::cli
