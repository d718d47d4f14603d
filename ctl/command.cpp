// SPDX-License-Identifier: Apache-2.0
//
// The arguments of a request as typed values, and the rules a table of commands must keep so that
// the server, tandemctl and the manual can all read it. Pure; called at start and on the server's
// thread.
#include "ctl/command.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "base/assert.hpp"

namespace tandem::ctl {

namespace {

constexpr std::size_t kPathWordsMax = 3;

// tandemctl's own words and options, and the server's own methods.
constexpr std::array<std::string_view, 5> kReservedPaths = {
    "help", "exit", "quit", "commands", "ping"};
constexpr std::array<std::string_view, 6> kReservedNames = {
    "json", "watch", "run-directory", "help", "version", "complete"};

bool is_name(std::string_view word) {
    const auto allowed = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '-';
    };
    return !word.empty() && word.front() != '-' && std::all_of(word.begin(), word.end(), allowed);
}

std::vector<std::string_view> words_of(std::string_view path) {
    std::vector<std::string_view> words;
    for (;;) {
        const auto space = path.find(' ');
        words.push_back(path.substr(0, space));
        if (space == std::string_view::npos) {
            return words;
        }
        path.remove_prefix(space + 1);
    }
}

template <typename Container>
bool contains(const Container& container, std::string_view wanted) {
    return std::find(container.begin(), container.end(), wanted) != container.end();
}

std::optional<std::string> fault_of_argument(const Argument& argument) {
    const bool is_flag = argument.type == ArgumentType::Flag;
    if (!is_name(argument.name) || contains(kReservedNames, argument.name)) {
        return "the name is reserved or not made of a-z, 0-9 and '-'";
    }
    if (is_flag && (argument.required || argument.positional || argument.preset)) {
        return "a flag cannot be required or positional and has no preset";
    }
    if (argument.required && argument.preset) {
        return "a required argument has no preset";
    }
    if ((argument.type == ArgumentType::Enumeration) == argument.allowed.empty()) {
        return "allowed values belong to an enumeration, and to it alone";
    }
    if (argument.type != ArgumentType::Integer && (argument.min || argument.max)) {
        return "a range belongs to an integer";
    }
    if (argument.preset) {
        const auto preset = value_from_text(argument, *argument.preset);
        if (!preset) {
            return "the preset is not allowed: " + preset.error().text;
        }
    }
    return std::nullopt;
}

std::optional<std::string> fault_of_arguments(const std::vector<Argument>& arguments) {
    std::vector<std::string_view> seen;
    bool optional_seen = false;
    for (const auto& argument : arguments) {
        if (const auto fault = fault_of_argument(argument)) {
            return "argument '" + argument.name + "': " + *fault;
        }
        if (contains(seen, argument.name)) {
            return "argument '" + argument.name + "' stands there twice";
        }
        if (argument.positional && argument.required && optional_seen) {
            return "argument '" + argument.name + "' is required behind an optional one";
        }
        optional_seen = optional_seen || (argument.positional && !argument.required);
        seen.emplace_back(argument.name);
    }
    return std::nullopt;
}

std::optional<std::string> fault_of_command(const Command& command) {
    const auto words = words_of(command.path);
    if (words.size() > kPathWordsMax || !std::all_of(words.begin(), words.end(), is_name)) {
        return "the path is not one to three words of a-z, 0-9 and '-'";
    }
    if (contains(kReservedPaths, words.front())) {
        return "the path is reserved";
    }
    if (!command.handler) {
        return "there is no handler";
    }
    return fault_of_arguments(command.arguments);
}

} // namespace

void Arguments::set(std::string name, Value value) {
    values_.insert_or_assign(std::move(name), std::move(value));
}

bool Arguments::has(std::string_view name) const {
    return values_.find(name) != values_.end();
}

const std::string& Arguments::string(std::string_view name) const {
    static const std::string kEmpty;
    const auto found = values_.find(name);
    if (found == values_.end()) {
        return kEmpty;
    }
    const auto* value = std::get_if<std::string>(&found->second);
    TANDEM_ASSERT(value != nullptr);
    return *value;
}

std::int64_t Arguments::integer(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) {
        return 0;
    }
    const auto* value = std::get_if<std::int64_t>(&found->second);
    TANDEM_ASSERT(value != nullptr);
    return *value;
}

bool Arguments::flag(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) {
        return false;
    }
    const auto* value = std::get_if<bool>(&found->second);
    TANDEM_ASSERT(value != nullptr);
    return *value;
}

std::string method_of(std::string_view path) {
    std::string method(path);
    std::replace(method.begin(), method.end(), ' ', '.');
    return method;
}

std::optional<std::string> fault_of(const CommandTable& table) {
    std::vector<std::string_view> seen;
    for (const auto& command : table) {
        if (const auto fault = fault_of_command(command)) {
            return "command '" + command.path + "': " + *fault;
        }
        if (contains(seen, command.path)) {
            return "command '" + command.path + "' stands there twice";
        }
        seen.emplace_back(command.path);
    }
    return std::nullopt;
}

} // namespace tandem::ctl
