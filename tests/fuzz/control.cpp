// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: one line of a control socket's client. Whatever it says, the answer is nothing or
// one line of JSON, and no handler runs with arguments its table does not allow. Built with
// libFuzzer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "ctl/dispatch.hpp"

namespace tandem::fuzz {

namespace {

ctl::Answer check_arguments(const ctl::Arguments& arguments) {
    const auto& kind = arguments.string("kind");
    const auto count = arguments.integer("count");
    if (!arguments.has("text") || (kind != "a" && kind != "b") || count < 1 || count > 9) {
        std::abort();
    }
    return nlohmann::json{{"text", arguments.string("text")}, {"all", arguments.flag("all")}};
}

ctl::CommandTable table() {
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
         .handler = check_arguments}};
}

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    static const ctl::Dispatcher kDispatcher(
        "dataplane", fuzz::table(), {.depth_max = 16, .reply_bytes_max = 65536});
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    for (const bool may_write : {false, true}) {
        const auto reply = kDispatcher.reply_to(line, {.user_id = 1, .may_write = may_write});
        if (reply.line.empty()) {
            continue;
        }
        const std::string_view text(reply.line);
        if (text.find('\n') != text.size() - 1 || !nlohmann::json::accept(text)) {
            std::abort();
        }
    }
    return 0;
}
