// SPDX-License-Identifier: Apache-2.0
//
// The next word of a path, and behind a path the arguments of the command.
#include "cli/completion.hpp"

#include <algorithm>
#include <array>

#include "cli/command_line.hpp"
#include "cli/invocation.hpp"

namespace tandem::cli {

namespace {

using ctl::Argument;
using ctl::ArgumentType;

constexpr std::array<std::string_view, 5> kOwnOptions = {
    "--run-directory", "--json", "--watch", "--help", "--version"};

// The words of paths that may follow `before`.
void add_path_words(const Node& node, const Words& before, Words& candidates) {
    for (const auto& path : node.paths()) {
        const auto parts = split_words(path);
        if (parts.size() > before.size() &&
            std::equal(before.begin(), before.end(), parts.begin())) {
            candidates.push_back(parts[before.size()]);
        }
    }
}

// How many positional arguments the words give, and whether the last one opens an option's value.
struct Given {
    std::size_t positional_count = 0;
    const Argument* open_option = nullptr;
};

Given given_by(const ctl::Command& command, const Words& words) {
    Given given;
    for (const auto& word : words) {
        if (given.open_option != nullptr) {
            given.open_option = nullptr;
            continue;
        }
        if (!word.starts_with("--")) {
            ++given.positional_count;
            continue;
        }
        for (const auto& argument : command.arguments) {
            const bool opens = !argument.positional && argument.type != ArgumentType::Flag &&
                               word == "--" + argument.name;
            given.open_option = opens ? &argument : given.open_option;
        }
    }
    return given;
}

void add_arguments(const ctl::Command& command, const Words& words, Words& candidates) {
    const auto given = given_by(command, words);
    if (given.open_option != nullptr) {
        candidates.insert(
            candidates.end(), given.open_option->allowed.begin(), given.open_option->allowed.end());
        return;
    }
    std::size_t positional = 0;
    for (const auto& argument : command.arguments) {
        if (!argument.positional) {
            candidates.push_back("--" + argument.name);
        } else if (positional++ == given.positional_count) {
            candidates.insert(candidates.end(), argument.allowed.begin(), argument.allowed.end());
        }
    }
}

// Options stand in the way of what is asked for until somebody begins to type one.
bool fits(const std::string& candidate, const std::string& current) {
    const bool is_wanted = !candidate.starts_with("--") || current.starts_with("-");
    return is_wanted && candidate.starts_with(current);
}

} // namespace

std::vector<std::string> completions_of(const Node& node, std::string_view line) {
    auto words = split_words(line);
    std::string current;
    if (!line.empty() && line.back() != ' ' && line.back() != '\t' && !words.empty()) {
        current = std::move(words.back());
        words.pop_back();
    }
    const auto invocation = parse_invocation(words, {});
    if (!invocation) {
        return {};
    }
    Words before = invocation->words;
    Words candidates(kOwnOptions.begin(), kOwnOptions.end());
    if (before.empty()) {
        candidates.emplace_back("help");
    } else if (before.front() == "help") {
        before.erase(before.begin());
        add_path_words(node, before, candidates);
    }
    add_path_words(node, before, candidates);
    if (const auto match = match_path(node, before)) {
        const Words rest(before.begin() + static_cast<std::ptrdiff_t>(match->words), before.end());
        for (const auto& offer : node.offers_of(match->path)) {
            add_arguments(*offer.command, rest, candidates);
        }
    }
    std::erase_if(candidates, [&current](const auto& word) { return !fits(word, current); });
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    return candidates;
}

} // namespace tandem::cli
