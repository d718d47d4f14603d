// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: one line of a control socket's client, to the command tables both processes serve.
// Whatever it says, the answer is nothing or one line of JSON with the right members, and no
// handler runs with arguments its row does not allow or for a peer who may not. The handlers here
// only judge their arguments, by the row. Built with libFuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "controlplane/io/commands.hpp"
#include "ctl/dispatch.hpp"
#include "dataplane/commands.hpp"
#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

bool peer_may_write = false; // of the line under way

void check_argument(const ctl::Argument& row, const ctl::Arguments& given) {
    require(given.has(row.name) || (!row.required && !row.preset));
    if (!given.has(row.name)) {
        return;
    }
    require(!row.needs_write || peer_may_write || row.type != ctl::ArgumentType::Flag ||
            !given.flag(row.name));
    switch (row.type) {
    case ctl::ArgumentType::Enumeration:
        require(std::ranges::find(row.allowed, given.string(row.name)) != row.allowed.end());
        break;
    case ctl::ArgumentType::Integer:
        require(!row.min || given.integer(row.name) >= *row.min);
        require(!row.max || given.integer(row.name) <= *row.max);
        break;
    case ctl::ArgumentType::String:
        (void)given.string(row.name);
        break;
    case ctl::ArgumentType::Flag:
        (void)given.flag(row.name);
        break;
    }
}

// The table with handlers that judge; `rows` outlives it.
ctl::CommandTable judging(ctl::CommandTable& rows) {
    ctl::CommandTable table = rows;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const ctl::Command* const row = &rows[i];
        table[i].handler = [row](const ctl::Arguments& given) -> ctl::Answer {
            require(row->access == ctl::Access::Read || peer_may_write);
            nlohmann::json answer = nlohmann::json::object();
            for (const ctl::Argument& argument : row->arguments) {
                check_argument(argument, given);
                if (argument.type == ctl::ArgumentType::String && given.has(argument.name)) {
                    answer[argument.name] = given.string(argument.name);
                }
            }
            return answer;
        };
    }
    return table;
}

// Kinds of arguments that no command of today has.
ctl::CommandTable further_rows() {
    using ctl::ArgumentType;
    return {
        {.path = "show",
         .arguments =
             {{.name = "text", .required = true, .positional = true},
              {.name = "kind",
               .type = ArgumentType::Enumeration,
               .allowed = {"a", "b"},
               .preset = "a"},
              {.name = "count", .type = ArgumentType::Integer, .min = 1, .max = 9, .preset = "1"},
              {.name = "all", .type = ArgumentType::Flag, .needs_write = true}},
         .handler = [](const ctl::Arguments&) -> ctl::Answer { return nlohmann::json(); }}};
}

struct Server {
    Server(const char* process, ctl::CommandTable table)
        : rows(std::move(table)),
          dispatcher(process, judging(rows), {.depth_max = 16, .reply_bytes_max = 65'536}) {
        require(!ctl::fault_of(rows));
    }

    ctl::CommandTable rows;
    ctl::Dispatcher dispatcher;
};

void check_reply(const ctl::Reply& reply) {
    if (reply.line.empty()) {
        return;
    }
    const std::string_view text(reply.line);
    require(text.find('\n') == text.size() - 1);
    const auto json = nlohmann::json::parse(text, nullptr, false);
    require(json.is_object() && json.contains("id") && json.value("jsonrpc", "") == "2.0");
    require(json.contains("result") != json.contains("error"));
    require(json.contains("error") == reply.failed);
    require(!reply.forbidden || reply.failed);
}

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    static const fuzz::Server kServers[] = {
        {"dataplane", dataplane::make_commands(nullptr)},
        {"controlplane", controlplane::commands({})},
        {"further", fuzz::further_rows()},
    };
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    for (const fuzz::Server& server : kServers) {
        for (const bool may_write : {false, true}) {
            fuzz::peer_may_write = may_write;
            fuzz::check_reply(
                server.dispatcher.reply_to(line, {.user_id = 1, .may_write = may_write}));
        }
    }
    return 0;
}
