// SPDX-License-Identifier: Apache-2.0
//
// Words and JSON values against the arguments that a command declares. Everything here comes from a
// client: each fault is an InvalidArguments failure that names the argument and what is allowed.
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "ctl/command.hpp"
#include "ctl/nearest.hpp"

namespace tandem::ctl {

namespace {

using nlohmann::json;

// A quoted value in a message must not be longer than the message.
constexpr std::size_t kQuotedBytesMax = 64;

base::Error<Failure> invalid(std::string text) {
    return {Failure{.code = FailureCode::InvalidArguments, .text = std::move(text)}};
}

std::string in_quotes(std::string_view text) {
    const bool whole = text.size() <= kQuotedBytesMax;
    return "'" + std::string(text.substr(0, kQuotedBytesMax)) + (whole ? "'" : "…'");
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

std::string range_text(const Argument& argument) {
    if (argument.min && argument.max) {
        return " from " + std::to_string(*argument.min) + " to " + std::to_string(*argument.max);
    }
    if (argument.min) {
        return " of at least " + std::to_string(*argument.min);
    }
    return argument.max ? " of at most " + std::to_string(*argument.max) : "";
}

base::Result<Arguments::Value, Failure> not_a_number(const Argument& argument,
                                                     std::string_view got) {
    return invalid("argument '" + argument.name + "' must be a whole number" +
                   range_text(argument) + ", not " + in_quotes(got));
}

base::Result<Arguments::Value, Failure> ranged(const Argument& argument, std::int64_t number) {
    if (number < argument.min.value_or(std::numeric_limits<std::int64_t>::min()) ||
        number > argument.max.value_or(std::numeric_limits<std::int64_t>::max())) {
        return not_a_number(argument, std::to_string(number));
    }
    return Arguments::Value(number);
}

base::Result<Arguments::Value, Failure> one_of(const Argument& argument, const std::string& text) {
    for (const auto& allowed : argument.allowed) {
        if (allowed == text) {
            return Arguments::Value(text);
        }
    }
    const auto suggestion = nearest(text, argument.allowed);
    return invalid("argument '" + argument.name + "' must be one of " + joined(argument.allowed) +
                   ", not " + in_quotes(text) +
                   (suggestion ? "; did you mean '" + *suggestion + "'?" : ""));
}

base::Result<Arguments::Value, Failure> value_from_json(const Argument& argument,
                                                        const json& value) {
    switch (argument.type) {
    case ArgumentType::String:
        if (value.is_string()) {
            return Arguments::Value(value.get<std::string>());
        }
        return invalid("argument '" + argument.name + "' must be a string");
    case ArgumentType::Enumeration:
        if (value.is_string()) {
            return one_of(argument, value.get_ref<const std::string&>());
        }
        return invalid("argument '" + argument.name + "' must be one of " +
                       joined(argument.allowed));
    case ArgumentType::Integer:
        if (value.is_number_unsigned() &&
            value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) {
            return not_a_number(argument, value.dump());
        }
        if (value.is_number_integer()) {
            return ranged(argument, value.get<std::int64_t>());
        }
        return invalid("argument '" + argument.name + "' must be a whole number" +
                       range_text(argument));
    case ArgumentType::Flag:
        if (value.is_boolean()) {
            return Arguments::Value(value.get<bool>());
        }
        return invalid("argument '" + argument.name + "' must be true or false");
    }
    return invalid("argument '" + argument.name + "' has no known type");
}

const Argument* find_argument(const Command& command, std::string_view name) {
    for (const auto& argument : command.arguments) {
        if (argument.name == name) {
            return &argument;
        }
    }
    return nullptr;
}

base::Error<Failure> unknown_argument(const Command& command, std::string_view name) {
    if (command.arguments.empty()) {
        return invalid("unknown argument " + in_quotes(name) + ": '" + command.path +
                       "' takes none");
    }
    std::vector<std::string> names;
    for (const auto& argument : command.arguments) {
        names.push_back(argument.name);
    }
    return invalid("unknown argument " + in_quotes(name) + ": '" + command.path + "' takes " +
                   joined(names));
}

// Adds presets; the failure is a required argument that is missing.
std::optional<Failure> complete(const Command& command, Arguments& arguments) {
    for (const auto& argument : command.arguments) {
        if (arguments.has(argument.name)) {
            continue;
        }
        if (argument.required) {
            return invalid("argument '" + argument.name + "' is missing: " + argument.help).error;
        }
        if (argument.preset) {
            const auto value = value_from_text(argument, *argument.preset);
            if (!value) {
                return value.error();
            }
            arguments.set(argument.name, *value);
        }
    }
    return std::nullopt;
}

} // namespace

base::Result<Arguments::Value, Failure> value_from_text(const Argument& argument,
                                                        std::string_view text) {
    switch (argument.type) {
    case ArgumentType::String:
        return Arguments::Value(std::string(text));
    case ArgumentType::Enumeration:
        return one_of(argument, std::string(text));
    case ArgumentType::Integer: {
        std::int64_t number = 0;
        const char* end = text.data() + text.size();
        const auto [at, error] = std::from_chars(text.data(), end, number);
        if (error != std::errc{} || at != end) {
            return not_a_number(argument, text);
        }
        return ranged(argument, number);
    }
    case ArgumentType::Flag:
        if (text == "true" || text == "false") {
            return Arguments::Value(text == "true");
        }
        return invalid("argument '" + argument.name + "' must be true or false, not " +
                       in_quotes(text));
    }
    return invalid("argument '" + argument.name + "' has no known type");
}

base::Result<Arguments, Failure> check_arguments(const Command& command, const json& params) {
    if (!params.is_null() && !params.is_object()) {
        return invalid("params must be an object with named arguments");
    }
    Arguments arguments;
    for (const auto& item : params.items()) {
        const auto* argument = find_argument(command, item.key());
        if (argument == nullptr) {
            return unknown_argument(command, item.key());
        }
        const auto value = value_from_json(*argument, item.value());
        if (!value) {
            return base::Error{value.error()};
        }
        arguments.set(argument->name, *value);
    }
    if (const auto failure = complete(command, arguments)) {
        return base::Error{*failure};
    }
    return arguments;
}

} // namespace tandem::ctl
