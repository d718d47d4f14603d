// SPDX-License-Identifier: Apache-2.0
//
// Matching and help, both from the table alone.
#include "cli/command_line.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "ctl/nearest.hpp"

namespace tandem::cli {

namespace {

using ctl::Argument;
using ctl::ArgumentType;
using nlohmann::json;

const Argument* find_named(const ctl::Command& command, std::string_view name) {
    for (const auto& argument : command.arguments) {
        if (!argument.positional && argument.name == name) {
            return &argument;
        }
    }
    return nullptr;
}

std::string joined(const Words& words, std::string_view separator) {
    std::string text;
    for (const auto& word : words) {
        if (!text.empty()) {
            text += separator;
        }
        text += word;
    }
    return text;
}

std::string placeholder_of(const Argument& argument) {
    if (argument.type == ArgumentType::Enumeration) {
        return joined(argument.allowed, "|");
    }
    std::string text = argument.name;
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char letter) {
        return static_cast<char>(std::toupper(letter));
    });
    return text;
}

std::string form_of(const Argument& argument) {
    std::string form = "--" + argument.name;
    if (argument.positional) {
        form = placeholder_of(argument);
    } else if (argument.type != ArgumentType::Flag) {
        form += " " + placeholder_of(argument);
    }
    return argument.required ? form : "[" + form + "]";
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

json json_of(const ctl::Arguments::Value& value) {
    return std::visit([](const auto& plain) { return json(plain); }, value);
}

// The state of reading one command's words.
class WordReader {
  public:
    WordReader(const ctl::Command& command, const Words& words)
        : command_(command), words_(words) {}

    base::Result<json, std::string> read() {
        while (at_ < words_.size() && fault_.empty()) {
            const std::string& word = words_[at_++];
            if (!only_positional_ && word == "--") {
                only_positional_ = true;
            } else if (!only_positional_ && word.starts_with("--")) {
                take_named(std::string_view(word).substr(2));
            } else {
                take_positional(word);
            }
        }
        check_required();
        if (!fault_.empty()) {
            return base::Error{fault_};
        }
        return params_;
    }

  private:
    void take_named(std::string_view text) {
        const auto equals = text.find('=');
        const auto name = text.substr(0, equals);
        const auto* argument = find_named(command_, name);
        if (argument == nullptr) {
            fault_ = "unknown option '--" + std::string(name) + "'";
            return;
        }
        if (argument->type == ArgumentType::Flag && equals == std::string_view::npos) {
            take_value(*argument, "true");
        } else if (equals != std::string_view::npos) {
            take_value(*argument, text.substr(equals + 1));
        } else if (at_ < words_.size()) {
            take_value(*argument, words_[at_++]);
        } else {
            fault_ = "option '--" + argument->name + "' needs a value";
        }
    }

    void take_positional(const std::string& word) {
        for (const auto& argument : command_.arguments) {
            if (argument.positional && !params_.contains(argument.name)) {
                take_value(argument, word);
                return;
            }
        }
        fault_ = "'" + word + "' is one word too many";
    }

    void take_value(const Argument& argument, std::string_view text) {
        const auto value = ctl::value_from_text(argument, text);
        if (!value) {
            fault_ = value.error().text;
        } else if (params_.contains(argument.name)) {
            fault_ = "argument '" + argument.name + "' stands there twice";
        } else {
            params_[argument.name] = json_of(*value);
        }
    }

    void check_required() {
        for (const auto& argument : command_.arguments) {
            if (fault_.empty() && argument.required && !params_.contains(argument.name)) {
                fault_ = placeholder_of(argument) + " is missing: " + argument.help;
            }
        }
    }

    const ctl::Command& command_;
    const Words& words_;
    std::size_t at_ = 0;
    bool only_positional_ = false;
    json params_ = json::object();
    std::string fault_;
};

std::string details_of(const Argument& argument) {
    std::string text = argument.help;
    if (argument.min && argument.max) {
        text += " (" + std::to_string(*argument.min) + " to " + std::to_string(*argument.max) + ")";
    } else if (argument.min) {
        text += " (at least " + std::to_string(*argument.min) + ")";
    } else if (argument.max) {
        text += " (at most " + std::to_string(*argument.max) + ")";
    }
    return argument.preset ? text + " (without it: " + *argument.preset + ")" : text;
}

} // namespace

std::optional<Match> match_path(const Node& node, const Words& words) {
    std::optional<Match> best;
    for (const auto& path : node.paths()) {
        const auto parts = split_words(path);
        const bool matches =
            parts.size() <= words.size() && std::equal(parts.begin(), parts.end(), words.begin());
        if (matches && (!best || parts.size() > best->words)) {
            best = Match{.path = path, .words = parts.size()};
        }
    }
    return best;
}

std::string unknown_command_text(const Node& node, const Words& words) {
    const auto paths = node.paths();
    Words continued;
    std::size_t path_words_max = 1;
    for (const auto& path : paths) {
        if (path.starts_with(words.front() + " ")) {
            continued.push_back("'" + path + "'");
        }
        path_words_max = std::max(path_words_max, split_words(path).size());
    }
    if (words.size() == 1 && !continued.empty()) {
        return "command '" + words.front() + "' needs another word: " + joined(continued, ", ");
    }
    // The operator's words may hold arguments behind the command: the longest text that resembles
    // a path is the one to answer.
    for (std::size_t count = std::min(words.size(), path_words_max); count > 0; --count) {
        const Words front(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count));
        const auto text = joined(front, " ");
        if (const auto suggestion = ctl::nearest(text, paths)) {
            return "unknown command '" + text + "', did you mean '" + *suggestion + "'?";
        }
    }
    return "unknown command '" + words.front() + "'; 'tandemctl help' lists the commands";
}

base::Result<json, std::string> params_of(const ctl::Command& command, const Words& words) {
    return WordReader(command, words).read();
}

std::string usage_of(const ctl::Command& command) {
    std::string usage = command.path;
    for (const auto& argument : command.arguments) {
        usage += " " + form_of(argument);
    }
    return usage;
}

std::string help_of(const std::vector<Offer>& offers) {
    std::string text;
    for (const auto& offer : offers) {
        const auto& command = *offer.command;
        text += (text.empty() ? "" : "\n") + std::string("usage: tandemctl ") + usage_of(command) +
                "\n\n  " + command.help + ". Answered by the " + offer.process->link.title() +
                ".\n";
        std::size_t width = 0;
        for (const auto& argument : command.arguments) {
            width = std::max(width, form_of(argument).size());
        }
        text += command.arguments.empty() ? "" : "\n";
        for (const auto& argument : command.arguments) {
            text += "  " + padded(form_of(argument), width) + "  " + details_of(argument) + "\n";
        }
    }
    return text;
}

std::string overview_of(const Node& node) {
    std::size_t width = 0;
    for (const auto& path : node.paths()) {
        for (const auto& offer : node.offers_of(path)) {
            width = std::max(width, usage_of(*offer.command).size());
        }
    }
    std::string text;
    for (const auto& path : node.paths()) {
        const auto& command = *node.offers_of(path).front().command;
        text += "  " + padded(usage_of(command), width) + "  " + command.help + "\n";
    }
    return text;
}

Words split_words(std::string_view line) {
    Words words;
    std::string word;
    bool in_word = false;
    char quote = '\0';
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char letter = line[at];
        const bool is_space = letter == ' ' || letter == '\t';
        if (quote != '\0' && letter == quote) {
            quote = '\0';
        } else if (quote == '\0' && (letter == '"' || letter == '\'')) {
            quote = letter;
            in_word = true;
        } else if (letter == '\\' && quote != '\'' && at + 1 < line.size()) {
            word += line[++at];
            in_word = true;
        } else if (quote == '\0' && is_space) {
            if (in_word) {
                words.push_back(std::move(word));
                word.clear();
            }
            in_word = false;
        } else {
            word += letter;
            in_word = true;
        }
    }
    if (in_word) {
        words.push_back(std::move(word));
    }
    return words;
}

} // namespace tandem::cli
