// SPDX-License-Identifier: Apache-2.0
//
// Reads the values back through the bindings of the option table; see config/option_list.hpp.
// Called by the control socket of either process, not on a worker and not on the core thread.
#include "config/option_list.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "config/option_table.hpp"

namespace tandem::config {

namespace {

constexpr std::string_view kHidden = "********";

struct Object {
    Level level;
    std::string title;
    const void* fields; // the struct of that level
    const OptionLines* lines;
};

std::string shown_value(const OptionRow& row, const Value& value) {
    std::string text = value_text(value, row.choices);
    if (row.secret && !text.empty()) {
        text = kHidden;
    }
    return text;
}

std::string source_of(const Configuration& configuration,
                      Level level,
                      const OptionRow& row,
                      std::uint32_t line) {
    if (line != 0) {
        return fmt::format("{}:{}", configuration.file, line);
    }
    const bool inherited =
        level != Level::Application && row.at.application.applies &&
        line_of(configuration.application.lines, Level::Application, row.name) != 0;
    return inherited ? "application" : "default";
}

void list_object(const Configuration& configuration,
                 const Object& object,
                 std::vector<OptionStatus>& list) {
    for (const OptionRow* row : rows_at(object.level)) {
        const Binding& binding = binding_at(*row, object.level);
        if (binding.load == nullptr) {
            continue;
        }
        const std::uint32_t line = line_of(*object.lines, object.level, row->name);
        list.push_back(OptionStatus{object.title,
                                    row->name,
                                    shown_value(*row, binding.load(object.fields)),
                                    source_of(configuration, object.level, *row, line),
                                    effect_name(row->effect),
                                    default_text(*row),
                                    allowed_text(*row),
                                    row->help});
    }
}

bool contains(const NumberRange& range, std::string_view number) {
    if (range.digits == 0 || number.size() != range.digits) {
        return range.digits == 0 && range.name == number;
    }
    NumberRange low = range;
    low.last = low.first;
    NumberRange high = range;
    high.first = high.last;
    const bool all_digits =
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    // Texts of digits with equal length compare as the numbers do.
    return all_digits && number_range_text(low) <= number && number <= number_range_text(high);
}

} // namespace

std::vector<OptionStatus> options(const Configuration& configuration) {
    std::vector<OptionStatus> list;
    const Application& application = configuration.application;
    const Dataplane& dataplane = configuration.dataplane;
    list_object(
        configuration, {Level::Application, "application", &application, &application.lines}, list);
    list_object(configuration, {Level::Dataplane, "dataplane", &dataplane, &dataplane.lines}, list);
    for (const Port& port : configuration.ports) {
        list_object(configuration, {Level::Port, "port " + port.name, &port, &port.lines}, list);
    }
    return list;
}

std::vector<OptionStatus> dn_options(const Configuration& configuration, std::string_view number) {
    std::vector<OptionStatus> list;
    for (const Trunk& trunk : configuration.trunks) {
        if (trunk.name == number) {
            list_object(
                configuration, {Level::Trunk, "trunk " + trunk.name, &trunk, &trunk.lines}, list);
            return list;
        }
    }
    for (const DnRange& range : configuration.dn_ranges) {
        const bool found =
            std::any_of(range.numbers.begin(),
                        range.numbers.end(),
                        [number](const NumberRange& numbers) { return contains(numbers, number); });
        if (found) {
            const std::string title = "dn " + value_text(Value(range.numbers), {});
            list_object(configuration, {Level::Extension, title, &range, &range.lines}, list);
            return list;
        }
    }
    return list;
}

} // namespace tandem::config
