// SPDX-License-Identifier: Apache-2.0
//
// The command table as JSON and back. Writing keeps the order of the table, because the manual is
// generated from it; reading trusts nothing, because the file may be an old release's.
#include <array>
#include <nlohmann/json.hpp>

#include "ctl/command.hpp"

namespace tandem::ctl {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

// Indexed by the enumerator.
constexpr std::array<std::string_view, 4> kArgumentTypes = {"string", "integer", "flag", "enum"};
constexpr std::array<std::string_view, 2> kAccesses = {"read", "write"};
constexpr std::array<std::string_view, 3> kShapes = {"table", "members", "text"};
constexpr std::array<std::string_view, 5> kColumnTypes = {
    "text", "integer", "bytes", "duration_ms", "time"};

template <typename Enumeration, std::size_t Count>
std::string_view name_of(const std::array<std::string_view, Count>& names, Enumeration value) {
    return names.at(static_cast<std::size_t>(value));
}

// Throws std::invalid_argument for a word that this release does not know.
template <typename Enumeration, std::size_t Count>
Enumeration value_of(const std::array<std::string_view, Count>& names, const Json& name) {
    const auto& text = name.get_ref<const std::string&>();
    for (std::size_t index = 0; index < Count; ++index) {
        if (names.at(index) == text) {
            return static_cast<Enumeration>(index);
        }
    }
    throw std::invalid_argument("'" + text + "' is not known to this tandemctl");
}

Json argument_json(const Argument& argument) {
    Json json = {{"name", argument.name},
                 {"type", name_of(kArgumentTypes, argument.type)},
                 {"required", argument.required},
                 {"positional", argument.positional},
                 {"needs_write", argument.needs_write},
                 {"help", argument.help}};
    if (!argument.allowed.empty()) {
        json["allowed"] = argument.allowed;
    }
    if (argument.min) {
        json["min"] = *argument.min;
    }
    if (argument.max) {
        json["max"] = *argument.max;
    }
    if (argument.preset) {
        json["preset"] = *argument.preset;
    }
    return json;
}

Json section_json(const Section& section) {
    Json columns = Json::array();
    for (const auto& column : section.columns) {
        columns.push_back({{"key", column.key},
                           {"title", column.title},
                           {"type", name_of(kColumnTypes, column.type)}});
    }
    return {{"key", section.key},
            {"title", section.title},
            {"shape", name_of(kShapes, section.shape)},
            {"columns", std::move(columns)}};
}

Json command_json(const Command& command) {
    Json arguments = Json::array();
    for (const auto& argument : command.arguments) {
        arguments.push_back(argument_json(argument));
    }
    Json sections = Json::array();
    for (const auto& section : command.sections) {
        sections.push_back(section_json(section));
    }
    return {{"path", command.path},
            {"method", method_of(command.path)},
            {"help", command.help},
            {"access", name_of(kAccesses, command.access)},
            {"arguments", std::move(arguments)},
            {"sections", std::move(sections)}};
}

Argument argument_from(const Json& json) {
    Argument argument;
    argument.name = json.at("name").get<std::string>();
    argument.type = value_of<ArgumentType>(kArgumentTypes, json.at("type"));
    argument.required = json.at("required").get<bool>();
    argument.positional = json.at("positional").get<bool>();
    argument.needs_write = json.at("needs_write").get<bool>();
    argument.help = json.at("help").get<std::string>();
    if (json.contains("allowed")) {
        argument.allowed = json.at("allowed").get<std::vector<std::string>>();
    }
    if (json.contains("min")) {
        argument.min = json.at("min").get<std::int64_t>();
    }
    if (json.contains("max")) {
        argument.max = json.at("max").get<std::int64_t>();
    }
    if (json.contains("preset")) {
        argument.preset = json.at("preset").get<std::string>();
    }
    return argument;
}

Section section_from(const Json& json) {
    Section section;
    section.key = json.at("key").get<std::string>();
    section.title = json.at("title").get<std::string>();
    section.shape = value_of<Shape>(kShapes, json.at("shape"));
    for (const auto& column : json.at("columns")) {
        section.columns.push_back({.key = column.at("key").get<std::string>(),
                                   .title = column.at("title").get<std::string>(),
                                   .type = value_of<ColumnType>(kColumnTypes, column.at("type"))});
    }
    return section;
}

Command command_from(const Json& json) {
    Command command;
    command.path = json.at("path").get<std::string>();
    command.help = json.at("help").get<std::string>();
    command.access = value_of<Access>(kAccesses, json.at("access"));
    for (const auto& argument : json.at("arguments")) {
        command.arguments.push_back(argument_from(argument));
    }
    for (const auto& section : json.at("sections")) {
        command.sections.push_back(section_from(section));
    }
    return command;
}

} // namespace

std::string commands_json(std::string_view process, const CommandTable& table) {
    Json commands = Json::array();
    for (const auto& command : table) {
        commands.push_back(command_json(command));
    }
    const Json json = {
        {"process", process}, {"format", kFormat}, {"commands", std::move(commands)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

base::Result<CommandTable, std::string> commands_from_json(std::string_view text) {
    try {
        const Json json = Json::parse(text);
        if (json.at("format").get<int>() != kFormat) {
            return base::Error{"the table of commands has format " + json.at("format").dump() +
                               ", this tandemctl reads " + std::to_string(kFormat)};
        }
        CommandTable table;
        for (const auto& command : json.at("commands")) {
            table.push_back(command_from(command));
        }
        return table;
    } catch (const std::exception& error) {
        return base::Error{"the table of commands is not readable: " + std::string(error.what())};
    }
}

} // namespace tandem::ctl
