// SPDX-License-Identifier: Apache-2.0
//
// Asking one process, or both, and joining what they said.
#include "cli/run_command.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/answer_text.hpp"
#include "cli/invocation.hpp"
#include "cli/value_text.hpp"

namespace tandem::cli {

namespace {

using nlohmann::json;

// One question to one process: the arguments already fit this process' command.
struct Question {
    Offer offer;
    json params;
};

using Reply = base::Result<json, LinkFailure>;

// Processes that are down and left no table: what they would offer is not known.
std::string note_of_unknown_tables(const Node& node) {
    std::string note;
    for (const auto& process : node.processes()) {
        if (!process.has_table && process.down) {
            note += "note: " + process.link.title() + ": " + process.down->text +
                    ", its commands are not known\n";
        }
    }
    return note;
}

Outcome usage_error(const std::string& text, const std::string& more) {
    return {.code = ExitCode::Usage, .error = "tandemctl: " + printable(text, false) + "\n" + more};
}

ExitCode code_of(const LinkFailure& failure) {
    if (failure.fault != LinkFault::Failed) {
        return ExitCode::Silent;
    }
    const bool usage = failure.code == ctl::FailureCode::InvalidArguments ||
                       failure.code == ctl::FailureCode::UnknownMethod;
    return usage ? ExitCode::Usage : ExitCode::Failed;
}

json failure_json(const LinkFailure& failure) {
    return {
        {"error", {{"code", static_cast<std::int32_t>(failure.code)}, {"message", failure.text}}}};
}

Reply ask(const Question& question) {
    return question.offer.process->link.ask(ctl::method_of(question.offer.command->path),
                                            question.params);
}

Outcome ask_one(const Question& question, bool as_json) {
    const auto reply = ask(question);
    if (!reply) {
        const auto& failure = reply.error();
        // Only a process that answered speaks about the command; else the process is the news.
        const bool answered = failure.fault == LinkFault::Failed;
        const std::string who = answered ? "tandemctl" : question.offer.process->link.title();
        return {.code = code_of(failure),
                .output = as_json ? json_text(failure_json(failure)) : "",
                .error = who + ": " + printable(failure.text, false) + "\n"};
    }
    return {.output = as_json ? json_text(*reply) : answer_text(*question.offer.command, *reply)};
}

// One part of an answer of both: heading and text, or one line when there is nothing else to say.
std::string part_text(const Question& question, const Reply& reply) {
    const auto& title = question.offer.process->link.title();
    if (!reply) {
        return title + ": " + printable(reply.error().text, false) + "\n";
    }
    return title + "\n" + answer_text(*question.offer.command, *reply);
}

ExitCode code_of_both(const std::vector<Reply>& replies) {
    auto code = ExitCode::Silent;
    for (const auto& reply : replies) {
        if (!reply && reply.error().fault == LinkFault::Failed) {
            return code_of(reply.error());
        }
        // A process that is down is said in its part; one that hangs must not look like success.
        if (!reply && reply.error().fault == LinkFault::Unreachable) {
            return ExitCode::Silent;
        }
        if (reply) {
            code = ExitCode::Done;
        }
    }
    return code;
}

Outcome ask_both(const std::vector<Question>& questions, bool as_json) {
    std::vector<Reply> replies;
    std::string text;
    json parts = json::object();
    for (const auto& question : questions) {
        replies.push_back(ask(question));
        const auto& reply = replies.back();
        parts[question.offer.process->link.name()] = reply ? *reply : failure_json(reply.error());
        text += (text.empty() ? "" : "\n") + part_text(question, reply);
    }
    return {.code = code_of_both(replies), .output = as_json ? json_text(parts) : text};
}

} // namespace

Outcome run_command(const Node& node, const Words& words, bool as_json) {
    if (node.is_empty()) {
        return {.code = ExitCode::Silent, .error = "tandemctl: " + no_node_text(node) + "\n"};
    }
    const auto match = match_path(node, words);
    if (!match) {
        return usage_error(unknown_command_text(node, words), note_of_unknown_tables(node));
    }
    const Words rest(words.begin() + static_cast<std::ptrdiff_t>(match->words), words.end());
    std::vector<Question> questions;
    std::string fault;
    const auto offers = node.offers_of(match->path);
    for (const auto& offer : offers) {
        auto params = params_of(*offer.command, rest);
        if (params) {
            questions.push_back({.offer = offer, .params = std::move(*params)});
        } else if (fault.empty()) {
            fault = params.error();
        }
    }
    if (questions.empty()) {
        return usage_error(fault, help_of(offers));
    }
    Outcome outcome =
        questions.size() == 1 ? ask_one(questions.front(), as_json) : ask_both(questions, as_json);
    if (outcome.code == ExitCode::Usage) {
        outcome.error += help_of(offers);
    }
    outcome.error += note_of_unknown_tables(node);
    return outcome;
}

Outcome run_help(const Node& node, const Words& words) {
    if (!words.empty()) {
        if (node.is_empty()) {
            return {.code = ExitCode::Silent, .error = "tandemctl: " + no_node_text(node) + "\n"};
        }
        const auto match = match_path(node, words);
        if (!match) {
            return usage_error(unknown_command_text(node, words), note_of_unknown_tables(node));
        }
        return {.output = help_of(node.offers_of(match->path))};
    }
    std::string commands = overview_of(node);
    if (commands.empty()) {
        commands = "  not known: " + no_node_text(node) + "\n";
    }
    return {.output = invocation_help() + "\nCommands:\n" + commands};
}

std::string no_node_text(const Node& node) {
    const auto& directory = node.run_directory();
    return "no node runs here (" + directory +
           " has no dataplane.sock and no controlplane.sock): "
           "start it with 'tandem-dataplane --config FILE' and 'tandem-controlplane --config FILE',"
           " or say where it runs with --run-directory";
}

} // namespace tandem::cli
