// SPDX-License-Identifier: Apache-2.0
//
// The log front over spdlog, whose exceptions end here. The state is spdlog's default logger, so
// this file has no variable of its own.
#include "base/log.hpp"

#include <array>
#include <exception>
#include <memory>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <string>

namespace tandem::base::log {

namespace {

struct LevelRow {
    Level level;
    std::string_view name;
    spdlog::level::level_enum theirs;
};

constexpr std::array kLevels = {
    LevelRow{Level::Trace, "trace", spdlog::level::trace},
    LevelRow{Level::Debug, "debug", spdlog::level::debug},
    LevelRow{Level::Info, "info", spdlog::level::info},
    LevelRow{Level::Warning, "warning", spdlog::level::warn},
    LevelRow{Level::Error, "error", spdlog::level::err},
    LevelRow{Level::Off, "off", spdlog::level::off},
};

const LevelRow& row_of(Level level) noexcept {
    const auto row = static_cast<std::size_t>(level);
    return kLevels[row < kLevels.size() ? row : kLevels.size() - 1];
}

std::shared_ptr<spdlog::sinks::sink> make_sink(std::string_view file_path) {
    if (file_path.empty()) {
        return std::make_shared<spdlog::sinks::stderr_sink_mt>();
    }
    return std::make_shared<spdlog::sinks::basic_file_sink_mt>(std::string(file_path));
}

void install(std::string_view process_name, Level level, std::string_view file_path) {
    auto logger = std::make_shared<spdlog::logger>(std::string(process_name), make_sink(file_path));
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %n %l: %v");
    logger->set_level(row_of(level).theirs);
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

} // namespace

std::string_view level_name(Level level) noexcept {
    return row_of(level).name;
}

std::optional<Level> level_from_name(std::string_view name) noexcept {
    for (const auto& row : kLevels) {
        if (row.name == name) {
            return row.level;
        }
    }
    return std::nullopt;
}

bool start(std::string_view process_name, Level level, std::string_view file_path) noexcept {
    try {
        install(process_name, level, file_path);
        return true;
    } catch (const std::exception& reason) {
        fmt::print(stderr, "{}: cannot log to {}: {}\n", process_name, file_path, reason.what());
        return false;
    }
}

void set_level(Level level) noexcept {
    spdlog::default_logger_raw()->set_level(row_of(level).theirs);
}

Level level() noexcept {
    const auto theirs = spdlog::default_logger_raw()->level();
    for (const auto& row : kLevels) {
        if (row.theirs == theirs) {
            return row.level;
        }
    }
    return Level::Off;
}

bool is_enabled(Level level) noexcept {
    return spdlog::default_logger_raw()->should_log(row_of(level).theirs);
}

void write(Level level, fmt::string_view format, fmt::format_args arguments) noexcept {
    if (!is_enabled(level)) {
        return;
    }
    try {
        spdlog::default_logger_raw()->log(row_of(level).theirs, fmt::vformat(format, arguments));
    } catch (const std::exception&) {
        return; // a line that cannot be formatted or written is lost; the switch goes on
    }
}

bool RateLimited::allow(MonotonicNs now) noexcept {
    if (now < next_ns_) {
        ++left_out_;
        return false;
    }
    next_ns_ = now + interval_ns_;
    suppressed_ = left_out_;
    left_out_ = 0;
    return true;
}

} // namespace tandem::base::log
