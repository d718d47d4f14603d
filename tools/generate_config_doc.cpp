// SPDX-License-Identifier: Apache-2.0
//
// Prints docs/config.md from the option table, so that the document cannot drift from the program:
//   generate_config_doc                 prints it to standard output
//   generate_config_doc --check FILE    exits 1 when FILE is not what would be printed
// It decides the shape of the page only; every fact comes from config/option_rows.cpp. Run by
// developers and by the test config_document.
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "config/cross_check.hpp"
#include "config/option_table.hpp"

namespace {

using tandem::config::Level;
using tandem::config::OptionRow;
using tandem::config::Presence;

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Printed by tools/generate_config_doc.cpp from config/option_rows.cpp: change that file, then
run `build/config/generate_config_doc > docs/config.md`. -->

Both processes of a node read the same [libconfig](https://hyperrealm.github.io/libconfig/) file,
given with `--config FILE`; `--check` only validates it. A file with a mistake starts nothing: each
mistake is printed as `file:line: what is wrong and what is allowed`, and the process exits with
status 2. A mistake in the syntax itself hides what comes after it.

```
application: { node = "a"; sip-address = "192.0.2.10"; };
dataplane: { idle = "adaptive"; };
ports = ( { name = "sip0"; device = "0000:01:00.0"; address = "192.0.2.1"; } );
dns = (
    { type = "Extension"; numbers = "1000-1099"; contact = "*"; },
    { type = "Trunk"; name = "gw"; contact = "192.0.2.20"; prefix = "9"; replace-prefix = ""; }
);
```

Complete files: [laboratory.conf](../dpdk-config/examples/laboratory.conf),
[bare-metal.conf](../dpdk-config/examples/bare-metal.conf). Comments are `# …`, `// …` and
`/* … */`; `@include` is not supported.

"Takes effect" says when a change of the option reaches a running node: immediately, with the next
call, or after a restart. `tandemctl options` shows the values in force and where each comes from.
)";

constexpr std::string_view kDnIntroduction = R"(
## DNs: list `dns`

Each element is a group for one DN or many with the same options. An option that exists for the
`application` too takes its value from there when a DN does not set it.
)";

std::string heading(Level level) {
    switch (level) {
    case Level::Application:
        return "\n## Group `application`\n";
    case Level::Dataplane:
        return "\n## Group `dataplane`\n";
    case Level::Port:
        return fmt::format("\n## List `ports`\n\nEach element is a group; 1 to {} of them.\n",
                           tandem::config::kPortsMax);
    case Level::Extension:
        return fmt::format("{}\n### type = \"Extension\"\n", kDnIntroduction);
    case Level::Trunk:
        break;
    }
    return "\n### type = \"Trunk\"\n";
}

std::string default_cell(const OptionRow& row, Level level) {
    if (row.presence == Presence::Required) {
        return "required";
    }
    const bool inherits = level != Level::Application && row.at.application.applies;
    if (inherits) {
        return "from `application`";
    }
    const std::string text = tandem::config::default_text(row);
    return row.presence == Presence::Unset ? fmt::format("not set: {}", text)
                                           : fmt::format("`{}`", text);
}

std::string table(Level level) {
    std::string text = "\n| Option | Default | Allowed | Takes effect | Meaning |\n"
                       "|---|---|---|---|---|\n";
    for (const OptionRow* row : tandem::config::rows_at(level)) {
        text += fmt::format("| `{}` | {} | {} | {} | {} |\n",
                            row->name,
                            default_cell(*row, level),
                            tandem::config::allowed_text(*row),
                            tandem::config::effect_name(row->effect),
                            row->help);
    }
    return text;
}

std::string document() {
    std::string text(kIntroduction);
    for (std::size_t i = 0; i < tandem::config::kLevelCount; ++i) {
        const auto level = static_cast<Level>(i);
        text += heading(level) + table(level);
    }
    text += "\n## Options that depend on each other\n\n"
            "- `sip-address` is a host of the subnet of a port, and neither the address nor the "
            "gateway of one.\n"
            "- `gateway` is another host of the port's subnet.\n"
            "- `min-expires` is at most `max-expires`; `session-expires` is at least `min-se`.\n"
            "- Names, devices and addresses of ports are unique; a DN stands once in a file, and a "
            "trunk has the name of no other DN.\n"
            "- A static `contact` is no address of this node.\n";
    text += fmt::format("- A file has at most {} DNs.\n", tandem::config::kDnsMax);
    return text;
}

int check(const std::string& path) {
    std::ifstream file(path);
    const std::string committed{std::istreambuf_iterator<char>(file),
                                std::istreambuf_iterator<char>()};
    if (file && committed == document()) {
        return 0;
    }
    fmt::print(stderr,
               "{}: is not what the option table says; run generate_config_doc > docs/config.md\n",
               path);
    return 1;
}

int run(int argument_count, char** arguments) {
    if (argument_count == 1) {
        fmt::print("{}", document());
        return 0;
    }
    if (argument_count == 3 && std::string_view(arguments[1]) == "--check") {
        return check(arguments[2]);
    }
    fmt::print(stderr, "usage: generate_config_doc [--check FILE]\n");
    return 2;
}

} // namespace

int main(int argument_count, char** arguments) {
    try {
        return run(argument_count, arguments);
    } catch (const std::exception& error) {
        std::fputs(error.what(), stderr);
        return 1;
    }
}
