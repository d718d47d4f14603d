// SPDX-License-Identifier: Apache-2.0
//
// Durations, sizes and times in the form that is shortest to read.
#include "cli/value_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tandem::cli {

namespace {

using nlohmann::json;

// Beyond these, numbers of another process are nonsense and are shown as they came.
constexpr double kShownMax = 9e15;

std::string bytes_text(double bytes) {
    constexpr std::array<const char*, 6> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    std::size_t unit = 0;
    while (std::abs(bytes) >= 1024 && unit + 1 < kUnits.size()) {
        bytes /= 1024;
        ++unit;
    }
    return unit == 0 ? fmt::format("{:.0f} B", bytes)
                     : fmt::format("{:.1f} {}", bytes, kUnits.at(unit));
}

std::string duration_text(std::int64_t milliseconds) {
    const std::string sign = milliseconds < 0 ? "-" : "";
    const std::int64_t ms = std::abs(milliseconds);
    const std::int64_t seconds = ms / 1000;
    if (seconds < 1) {
        return fmt::format("{}{}ms", sign, ms);
    }
    if (seconds < 60) {
        return fmt::format("{}{}.{}s", sign, seconds, ms % 1000 / 100);
    }
    if (seconds < 3600) {
        return fmt::format("{}{}m{:02}s", sign, seconds / 60, seconds % 60);
    }
    if (seconds < 86400) {
        return fmt::format("{}{}h{:02}m", sign, seconds / 3600, seconds % 3600 / 60);
    }
    return fmt::format("{}{}d{:02}h", sign, seconds / 86400, seconds % 86400 / 3600);
}

std::string time_text(std::int64_t milliseconds) {
    const std::time_t seconds = milliseconds / 1000;
    std::tm parts{};
    if (::localtime_r(&seconds, &parts) == nullptr) {
        return std::to_string(milliseconds);
    }
    std::array<char, 64> text{};
    const auto bytes = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
    return {text.data(), bytes};
}

std::string number_text(const json& value, ctl::ColumnType type) {
    const auto number = value.get<double>();
    if (std::abs(number) > kShownMax) {
        return value.dump();
    }
    switch (type) {
    case ctl::ColumnType::Bytes:
        return bytes_text(number);
    case ctl::ColumnType::DurationMs:
        return duration_text(std::llround(number));
    case ctl::ColumnType::Time:
        return time_text(std::llround(number));
    case ctl::ColumnType::Text:
    case ctl::ColumnType::Integer:
        break;
    }
    return value.dump();
}

} // namespace

std::string value_text(const json& value, ctl::ColumnType type) {
    if (value.is_null()) {
        return "-";
    }
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        return text.empty() ? "-" : printable(text, false);
    }
    if (value.is_boolean()) {
        return value.get<bool>() ? "yes" : "no";
    }
    if (value.is_number()) {
        return number_text(value, type);
    }
    return printable(value.dump(-1, ' ', false, json::error_handler_t::replace), false);
}

std::string printable(std::string_view text, bool lines) {
    std::string shown(text);
    for (std::size_t at = 0; at < shown.size(); ++at) {
        const auto byte = static_cast<unsigned char>(shown[at]);
        const bool kept = lines && (byte == '\n' || byte == '\t');
        if ((byte < 0x20 || byte == 0x7F) && !kept) {
            shown[at] = '?';
        }
        // U+0080 to U+009F are control characters too: C2 80 to C2 9F.
        if (byte == 0xC2 && at + 1 < shown.size() &&
            static_cast<unsigned char>(shown[at + 1]) < 0xA0) {
            shown.replace(at, 2, "?");
        }
    }
    return shown;
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char letter) {
        return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80;
    }));
}

} // namespace tandem::cli
