// SPDX-License-Identifier: Apache-2.0
//
// JSON-RPC 2.0 without batches. Whatever a client sends, the answer is a line of valid JSON, in
// valid UTF-8, and the process lives on: exceptions of the JSON library and of handlers end here.
#include "ctl/dispatch.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "ctl/nearest.hpp"

namespace tandem::ctl {

namespace {

using nlohmann::json;

// Nesting outside of strings. Counted before parsing, so that a line of brackets costs one pass.
std::size_t depth_of(std::string_view line) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char letter = line[at];
        if (in_string) {
            at += letter == '\\' ? 1 : 0;
            in_string = letter != '"';
        } else if (letter == '"') {
            in_string = true;
        } else if (letter == '{' || letter == '[') {
            deepest = std::max(deepest, ++depth);
        } else if ((letter == '}' || letter == ']') && depth > 0) {
            --depth;
        }
    }
    return deepest;
}

// Strings of handlers may quote the wire: bytes that are not UTF-8 are replaced, never thrown over.
std::string line_of(const json& message) {
    return message.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Reply result_reply(const json& id, json result) {
    json message = {{"jsonrpc", "2.0"}, {"id", id}};
    message["result"] = std::move(result);
    return {.line = line_of(message)};
}

Reply failure_reply(const json& id, const Failure& failure, const json& data = nullptr) {
    json error = {{"code", static_cast<std::int32_t>(failure.code)}, {"message", failure.text}};
    if (!data.is_null()) {
        error["data"] = data;
    }
    json message = {{"jsonrpc", "2.0"}, {"id", id}};
    message["error"] = std::move(error);
    return {.line = line_of(message), .failed = true};
}

bool is_id(const json& id) {
    return id.is_null() || id.is_string() || id.is_number();
}

// What is wrong with the envelope, or "".
std::string_view fault_of_envelope(const json& request) {
    if (request.is_array()) {
        return "batches are not served: send one object per line";
    }
    if (!request.is_object()) {
        return "a request is an object";
    }
    if (request.value("jsonrpc", json()) != "2.0") {
        return "member 'jsonrpc' must be \"2.0\"";
    }
    if (!is_id(request.value("id", json()))) {
        return "member 'id' must be a string, a number or null";
    }
    if (!request.value("method", json()).is_string()) {
        return "member 'method' must be a string";
    }
    return {};
}

bool needs_write(const Command& command, const Arguments& arguments) {
    return command.access == Access::Write ||
           std::any_of(command.arguments.begin(),
                       command.arguments.end(),
                       [&arguments](const Argument& argument) {
                           return argument.needs_write && arguments.has(argument.name);
                       });
}

Answer answer_of(const Command& command, const Arguments& arguments) {
    try {
        return command.handler(arguments);
    } catch (const std::exception& error) {
        return base::Error{Failure{.code = FailureCode::Internal,
                                   .text = "'" + command.path + "' failed: " + error.what()}};
    }
}

} // namespace

Dispatcher::Dispatcher(std::string process, CommandTable table, Limits limits)
    : process_(std::move(process)), table_(std::move(table)), limits_(limits) {
    for (const auto& command : table_) {
        by_method_.emplace(method_of(command.path), &command);
    }
}

Reply Dispatcher::reply_to(std::string_view line, const Peer& peer) const {
    if (depth_of(line) > limits_.depth_max) {
        return error_reply(FailureCode::Parse,
                           "nested deeper than " + std::to_string(limits_.depth_max) + " levels");
    }
    json request;
    try {
        request = json::parse(line);
    } catch (const json::parse_error& error) {
        return error_reply(FailureCode::Parse,
                           "this is not JSON in UTF-8, see byte " + std::to_string(error.byte));
    } catch (const json::exception&) {
        return error_reply(FailureCode::Parse, "a number is out of range");
    }
    if (const auto fault = fault_of_envelope(request); !fault.empty()) {
        return error_reply(FailureCode::InvalidRequest, fault);
    }
    Reply reply = reply_to_request(request, peer);
    if (!request.contains("id")) {
        reply.line.clear();
        return reply;
    }
    return bounded(std::move(reply), request.at("id"));
}

Reply Dispatcher::error_reply(FailureCode code, std::string_view text) {
    return failure_reply(nullptr, Failure{.code = code, .text = std::string(text)});
}

Reply Dispatcher::reply_to_request(const json& request, const Peer& peer) const {
    const auto& method = request.at("method").get_ref<const std::string&>();
    if (method == "commands" || method == "ping") {
        return built_in(method, request.value("id", json()));
    }
    const auto found = by_method_.find(method);
    if (found == by_method_.end()) {
        return unknown_method(method, request.value("id", json()));
    }
    return run(*found->second, request, peer);
}

Reply Dispatcher::run(const Command& command, const json& request, const Peer& peer) const {
    const json id = request.value("id", json());
    const auto arguments = check_arguments(command, request.value("params", json()));
    if (!arguments) {
        return failure_reply(id, arguments.error());
    }
    if (!peer.may_write && needs_write(command, *arguments)) {
        auto reply = failure_reply(
            id,
            Failure{.code = FailureCode::Forbidden,
                    .text = "'" + command.path + "' changes the node: only root and the user of " +
                            process_ + " may do that"});
        reply.forbidden = true;
        return reply;
    }
    auto answer = answer_of(command, *arguments);
    if (!answer) {
        return failure_reply(id, answer.error());
    }
    return result_reply(id, std::move(*answer));
}

Reply Dispatcher::unknown_method(const std::string& method, const json& id) const {
    std::vector<std::string> methods = {"commands", "ping"};
    for (const auto& entry : by_method_) {
        methods.push_back(entry.first);
    }
    json data;
    if (const auto suggestion = nearest(method, methods)) {
        data["suggestion"] = *suggestion;
    }
    return failure_reply(
        id, Failure{.code = FailureCode::UnknownMethod, .text = "unknown method"}, data);
}

Reply Dispatcher::built_in(const std::string& method, const json& id) const {
    if (method == "ping") {
        return result_reply(id, {{"process", process_}, {"pid", ::getpid()}});
    }
    return result_reply(id, json::parse(commands_json(process_, table_)));
}

Reply Dispatcher::bounded(Reply reply, const json& id) const {
    if (reply.line.size() <= limits_.reply_bytes_max) {
        return reply;
    }
    return failure_reply(id,
                         Failure{.code = FailureCode::Internal,
                                 .text = "the answer has " + std::to_string(reply.line.size()) +
                                         " bytes, more than the " +
                                         std::to_string(limits_.reply_bytes_max) + " allowed"});
}

} // namespace tandem::ctl
