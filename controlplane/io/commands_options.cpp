// SPDX-License-Identifier: Apache-2.0
//
// options and log level: how this process was told to behave.
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "config/option_list.hpp"
#include "controlplane/io/commands.hpp"

namespace tandem::controlplane {

namespace {

using nlohmann::json;

ctl::Answer options(const config::Configuration& configuration, const std::string& name) {
    json rows = json::array();
    for (const auto& option : config::options(configuration)) {
        if (!name.empty() && option.name != name) {
            continue;
        }
        rows.push_back({{"object", option.object},
                        {"name", option.name},
                        {"value", option.value},
                        {"source", option.source},
                        {"takes_effect", option.takes_effect},
                        {"default", option.default_value},
                        {"allowed", option.allowed},
                        {"help", option.help}});
    }
    if (rows.empty()) {
        return base::Error{ctl::Failure{.code = ctl::FailureCode::NotFound,
                                        .text = "no option is called " + name +
                                                "; see `options` for all of them"}};
    }
    return rows;
}

ctl::Answer log_level(const std::string& level) {
    if (!level.empty()) {
        if (const auto wanted = base::log::level_from_name(level)) {
            base::log::set_level(*wanted);
        }
    }
    return json{{"level", base::log::level_name(base::log::level())}};
}

} // namespace

void add_option_commands(ctl::CommandTable& table, const CommandSubject& subject) {
    table.push_back(
        {.path = "options",
         .help = "List the options in force and where each comes from",
         .arguments = {{.name = "name",
                        .positional = true,
                        .help = "only the option of this name"}},
         .sections = {{.columns = {{.key = "object", .title = "of"},
                                   {.key = "name", .title = "option"},
                                   {.key = "value", .title = "value"},
                                   {.key = "source", .title = "from"},
                                   {.key = "takes_effect", .title = "a change takes effect"}}}},
         .handler = [subject](const ctl::Arguments& arguments) {
             return options(*subject.configuration, arguments.string("name"));
         }});
    table.push_back(
        {.path = "log level",
         .help = "Show or set how much this process logs, until it restarts",
         .arguments = {{.name = "level",
                        .type = ctl::ArgumentType::Enumeration,
                        .positional = true,
                        .needs_write = true,
                        .allowed = {"trace", "debug", "info", "warning", "error", "off"},
                        .help = "the least important level that is written"}},
         .sections = {{.shape = ctl::Shape::Members,
                       .columns = {{.key = "level", .title = "level"}}}},
         .handler = [](const ctl::Arguments& arguments) {
             return log_level(arguments.string("level"));
         }});
}

} // namespace tandem::controlplane
