// SPDX-License-Identifier: Apache-2.0
//
// Interprets the rows of the option table: finds them, says what they allow and checks values
// against them. It reads no file and keeps no value. Called by the loader, the option list, the
// document generator and the tests, on the main thread.
#include "config/option_table.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "config/option_rows.hpp"

namespace tandem::config {

namespace {

using base::Error;

using RowsOfLevels = std::array<std::vector<const OptionRow*>, kLevelCount>;

RowsOfLevels sort_by_level() {
    RowsOfLevels rows;
    for (const OptionRow& row : option_table()) {
        for (std::size_t level = 0; level < kLevelCount; ++level) {
            if (binding_at(row, static_cast<Level>(level)).applies) {
                rows.at(level).push_back(&row);
            }
        }
    }
    return rows;
}

std::string unit_text(const OptionRow& row) {
    return row.unit.empty() ? std::string() : fmt::format(" ({})", row.unit);
}

std::string choices_text(const OptionRow& row) {
    return fmt::format("{}", fmt::join(split(row.choices, '|'), ", "));
}

std::string length_text(const OptionRow& row) {
    return row.minimum == 0 ? fmt::format("at most {}", row.maximum)
                            : fmt::format("{} to {}", row.minimum, row.maximum);
}

ParsedValue parse_plain_text(const OptionRow& row, std::string_view text) {
    const auto length = static_cast<std::int64_t>(text.size());
    if (length < row.minimum || length > row.maximum || !row.accepts(text)) {
        return Error{Refusal()};
    }
    return Value(std::string(text));
}

} // namespace

std::span<const OptionRow> option_table() {
    return option_rows();
}

std::span<const OptionRow* const> rows_at(Level level) {
    static const RowsOfLevels kRowsOfLevels = sort_by_level();
    return kRowsOfLevels.at(static_cast<std::size_t>(level));
}

const OptionRow* find_row(Level level, std::string_view name) {
    const std::span<const OptionRow* const> rows = rows_at(level);
    const auto found = std::find_if(
        rows.begin(), rows.end(), [name](const OptionRow* row) { return row->name == name; });
    return found == rows.end() ? nullptr : *found;
}

std::uint32_t line_of(const OptionLines& lines, Level level, std::string_view name) {
    const std::span<const OptionRow* const> rows = rows_at(level);
    for (std::size_t i = 0; i < rows.size() && i < lines.size(); ++i) {
        if (rows[i]->name == name) {
            return lines[i];
        }
    }
    return 0;
}

const Binding& binding_at(const OptionRow& row, Level level) {
    switch (level) {
    case Level::Application:
        return row.at.application;
    case Level::Dataplane:
        return row.at.dataplane;
    case Level::Port:
        return row.at.port;
    case Level::Extension:
        return row.at.extension;
    case Level::Trunk:
        break;
    }
    return row.at.trunk;
}

std::string_view level_name(Level level) {
    constexpr std::array<std::string_view, kLevelCount> kNames = {
        "application", "dataplane", "ports", "Extension", "Trunk"};
    return kNames.at(static_cast<std::size_t>(level));
}

std::string_view effect_name(Effect effect) {
    constexpr std::array<std::string_view, 3> kNames = {"immediately", "next call", "restart"};
    return kNames.at(static_cast<std::size_t>(effect));
}

std::string allowed_text(const OptionRow& row) {
    switch (row.type) {
    case OptionType::Boolean:
        return "true or false";
    case OptionType::Integer:
        return fmt::format(
            "a whole number from {} to {}{}", row.minimum, row.maximum, unit_text(row));
    case OptionType::PowerOfTwo:
        return fmt::format(
            "a power of two from {} to {}{}", row.minimum, row.maximum, unit_text(row));
    case OptionType::Text:
        return fmt::format("a string of {} characters: {}", length_text(row), row.allowed);
    case OptionType::TextList:
        return fmt::format("a list of strings of {} characters: {}", length_text(row), row.allowed);
    case OptionType::Choice:
        return fmt::format("one of the strings {}", choices_text(row));
    case OptionType::ChoiceList:
        return fmt::format("a string with one or more of {}, separated by commas",
                           choices_text(row));
    case OptionType::Address:
        return "a string with a unicast IPv4 address such as 192.0.2.1";
    case OptionType::Mac:
        return "a string with a unicast MAC address such as 02:00:00:00:00:01";
    case OptionType::Contact:
        return "\"*\" or a string with an IPv4 address, address:port or SIP URI such as "
               "sip:1200@192.0.2.1:5060";
    case OptionType::StaticContact:
        return "a string with an IPv4 address, address:port or SIP URI such as "
               "sip:192.0.2.1:5060";
    case OptionType::Numbers:
        break;
    }
    return "a string with numbers, ranges and names such as 1000-1099,1200,alice";
}

std::string default_text(const OptionRow& row) {
    const bool bare = row.presence != Presence::Optional || row.type == OptionType::Boolean ||
                      row.type == OptionType::Integer || row.type == OptionType::PowerOfTwo;
    return bare ? std::string(row.fallback) : fmt::format("\"{}\"", row.fallback);
}

ParsedValue parse_text(const OptionRow& row, std::string_view text) {
    switch (row.type) {
    case OptionType::Text:
        return parse_plain_text(row, text);
    case OptionType::Choice:
        return parse_choice(text, row.choices);
    case OptionType::ChoiceList:
        return parse_choice_list(text, row.choices);
    case OptionType::Address:
        return parse_address(text);
    case OptionType::Mac:
        return parse_mac(text);
    case OptionType::Contact:
        return parse_contact(text);
    case OptionType::StaticContact:
        return text == "*" ? ParsedValue(Error{Refusal("a trunk does not register")})
                           : parse_contact(text);
    case OptionType::Numbers:
        return parse_numbers(text);
    case OptionType::Boolean:
    case OptionType::Integer:
    case OptionType::PowerOfTwo:
    case OptionType::TextList:
        break;
    }
    return Error{Refusal()};
}

ParsedValue parse_integer(const OptionRow& row, std::int64_t number) {
    const bool is_number = row.type == OptionType::Integer || row.type == OptionType::PowerOfTwo;
    if (!is_number || number < row.minimum || number > row.maximum) {
        return Error{Refusal()};
    }
    if (row.type == OptionType::PowerOfTwo &&
        !std::has_single_bit(static_cast<std::uint64_t>(number))) {
        return Error{Refusal()};
    }
    return Value(number);
}

ParsedValue parse_list(const OptionRow& row, std::vector<std::string> items) {
    const bool fits = row.type == OptionType::TextList &&
                      std::all_of(items.begin(), items.end(), [&row](const std::string& item) {
                          return parse_plain_text(row, item).has_value();
                      });
    if (!fits) {
        return Error{Refusal()};
    }
    return Value(std::move(items));
}

Value default_value(const OptionRow& row) {
    if (row.presence != Presence::Optional) {
        return {};
    }
    if (row.type == OptionType::Boolean) {
        return Value(row.fallback == "true");
    }
    if (row.type == OptionType::Integer || row.type == OptionType::PowerOfTwo) {
        std::int64_t number = 0;
        std::from_chars(row.fallback.data(), row.fallback.data() + row.fallback.size(), number);
        return Value(number);
    }
    const ParsedValue value = parse_text(row, row.fallback);
    return value ? value.value() : Value();
}

} // namespace tandem::config
