// SPDX-License-Identifier: Apache-2.0
//
// A node for tests: control servers with small tables in a directory of their own, no switch behind
// them. Each test process uses its own directory; the servers' threads are their own.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "ctl/server.hpp"

namespace tandem::cli {

// For this process and the programs it starts; nullptr removes the variable.
inline void set_environment(const char* name, const char* value) {
    // NOLINTBEGIN(concurrency-mt-unsafe): called while the test has one thread, or the others do
    // not read the environment.
    if (value == nullptr) {
        ::unsetenv(name);
    } else {
        ::setenv(name, value, 1);
    }
    // NOLINTEND(concurrency-mt-unsafe)
}

class FakeNode {
  public:
    FakeNode() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cli-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
    }

    FakeNode(const FakeNode&) = delete;
    FakeNode& operator=(const FakeNode&) = delete;

    ~FakeNode() {
        dataplane_.reset();
        controlplane_.reset();
        std::filesystem::remove_all(directory_);
    }

    [[nodiscard]] const std::string& directory() const { return directory_; }

    void start() {
        start_dataplane();
        start_controlplane();
    }

    void start_dataplane() { dataplane_ = started("dataplane", dataplane_table()); }

    void start_controlplane() { controlplane_ = started("controlplane", controlplane_table()); }

    void end_dataplane() { dataplane_.reset(); }

    void end_controlplane() { controlplane_.reset(); }

    static ctl::CommandTable dataplane_table() {
        return {status_command("forwarding"),
                {.path = "ports",
                 .help = "List the ports",
                 .sections = {{.columns = {{"name", "NAME"},
                                           {"bytes", "BYTES", ctl::ColumnType::Bytes}}}},
                 .handler = [](const ctl::Arguments&) -> ctl::Answer {
                     return nlohmann::json::array({{{"name", "sip0"}, {"bytes", 1536}},
                                                   {{"name", "sip1"}, {"bytes", nullptr}}});
                 }}};
    }

    static ctl::CommandTable controlplane_table() {
        return {status_command("primary"),
                {.path = "calls",
                 .help = "List the calls",
                 .sections = {{.columns = {{"id", "ID"}}}},
                 .handler = [](const ctl::Arguments&) -> ctl::Answer {
                     return nlohmann::json::array();
                 }},
                call_show_command(),
                log_level_command()};
    }

  private:
    static ctl::Command status_command(const std::string& state) {
        return {.path = "status",
                .help = "Show the state of the process",
                .sections = {{.shape = ctl::Shape::Members,
                              .columns = {{"state", "state"},
                                          {"up_ms", "up", ctl::ColumnType::DurationMs}}}},
                .handler = [state](const ctl::Arguments&) -> ctl::Answer {
                    return nlohmann::json{{"state", state}, {"up_ms", 123'000}};
                }};
    }

    static ctl::Command call_show_command() {
        return {
            .path = "call show",
            .help = "Show one call",
            .arguments =
                {{.name = "id", .required = true, .positional = true, .help = "the id of the call"},
                 {.name = "ladder", .type = ctl::ArgumentType::Flag, .help = "draw its messages"}},
            .sections = {{.key = "call",
                          .shape = ctl::Shape::Members,
                          .columns = {{"id", "id"}, {"from", "from"}}},
                         {.key = "ladder", .title = "Ladder", .shape = ctl::Shape::Text}},
            .handler = [](const ctl::Arguments& given) -> ctl::Answer {
                if (given.string("id") != "17") {
                    return base::Error{
                        ctl::Failure{.code = ctl::FailureCode::NotFound,
                                     .text = "no call '" + given.string("id") + "'"}};
                }
                nlohmann::json answer = {{"call", {{"id", "17"}, {"from", "1000\033[31m"}}}};
                if (given.flag("ladder")) {
                    answer["ladder"] = "1000 ---INVITE--> 1001\n";
                }
                return answer;
            }};
    }

    static ctl::Command log_level_command() {
        return {.path = "log level",
                .help = "Show or set the level of the log",
                .arguments = {{.name = "level",
                               .type = ctl::ArgumentType::Enumeration,
                               .positional = true,
                               .needs_write = true,
                               .allowed = {"error", "warn", "info", "debug"},
                               .help = "the new level"}},
                .sections = {{.shape = ctl::Shape::Members, .columns = {{"level", "level"}}}},
                .handler = [](const ctl::Arguments& given) -> ctl::Answer {
                    return nlohmann::json{{"level", given.string("level")}};
                }};
    }

    [[nodiscard]] std::unique_ptr<ctl::Server> started(const char* process,
                                                       ctl::CommandTable table) const {
        ctl::ServerOptions options;
        options.run_directory = directory_;
        options.process = process;
        auto server = ctl::Server::start(std::move(options), std::move(table));
        return server ? std::move(*server) : nullptr;
    }

    std::string directory_;
    std::unique_ptr<ctl::Server> dataplane_;
    std::unique_ptr<ctl::Server> controlplane_;
};

} // namespace tandem::cli
