// SPDX-License-Identifier: Apache-2.0
//
// The log front, for cold code only: start, configuration, life and death of peers, and what a cold
// thread collects from the notice board. Hot code never logs; it counts or raises a notice
// (base/notice_board.hpp). Any thread; a line that cannot be written is lost, never an error.
#pragma once

#include <cstdint>
#include <fmt/core.h>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace tandem::base::log {

enum class Level : std::uint8_t { Trace, Debug, Info, Warning, Error, Off };

// "trace", "debug", "info", "warning", "error", "off".
[[nodiscard]] std::string_view level_name(Level level) noexcept;
[[nodiscard]] std::optional<Level> level_from_name(std::string_view name) noexcept;

// Lines go to standard error, or to `file_path` (appended) when it is not empty; a file that cannot
// be opened is said on standard error and false is returned. Before start() lines go to standard
// error at level info.
bool start(std::string_view process_name, Level level, std::string_view file_path = {}) noexcept;
void set_level(Level level) noexcept;
[[nodiscard]] Level level() noexcept;
[[nodiscard]] bool is_enabled(Level level) noexcept;
void write(Level level, fmt::string_view format, fmt::format_args arguments) noexcept;

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... arguments) noexcept {
    write(Level::Debug, format, fmt::make_format_args(arguments...));
}

template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... arguments) noexcept {
    write(Level::Info, format, fmt::make_format_args(arguments...));
}

template <typename... Args>
void warning(fmt::format_string<Args...> format, Args&&... arguments) noexcept {
    write(Level::Warning, format, fmt::make_format_args(arguments...));
}

template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... arguments) noexcept {
    write(Level::Error, format, fmt::make_format_args(arguments...));
}

// For one message that could come often: says yes at most once per interval. One thread.
class RateLimited {
  public:
    explicit RateLimited(std::uint64_t interval_ns = kNsPerS) noexcept
        : interval_ns_(interval_ns) {}

    // True: write the line now, and suppressed() tells how many were left out before it.
    [[nodiscard]] bool allow(MonotonicNs now) noexcept;

    [[nodiscard]] std::uint64_t suppressed() const noexcept { return suppressed_; }

  private:
    std::uint64_t interval_ns_;
    MonotonicNs next_ns_ = 0;
    std::uint64_t left_out_ = 0;
    std::uint64_t suppressed_ = 0;
};

} // namespace tandem::base::log
