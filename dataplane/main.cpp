// SPDX-License-Identifier: Apache-2.0
//
// The command line of tandem-dataplane. Exit status: 0 in order, 1 could not start, 2 bad command
// line or bad configuration file (nothing was started then). Main thread.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fmt/format.h>
#include <string>
#include <string_view>

#include "config/load_file.hpp"
#include "dataplane/commands.hpp"
#include "dataplane/process.hpp"
#include "dataplane/seal.hpp"
#include "sipparse/index.hpp"

namespace {

constexpr std::string_view kUsage =
    "usage: tandem-dataplane --config FILE [--check] [--seal]\n"
    "       tandem-dataplane --print-commands | --version | --help\n"
    "\n"
    "  --config FILE     the configuration file of the node\n"
    "  --check           only say what is wrong with the file\n"
    "  --seal            abort when the worker allocates memory (not in release builds)\n"
    "  --print-commands  print the table of control commands as JSON\n"
    "  --version         print the version\n"
    "\n"
    "TANDEM_SIMD=scalar|avx2|avx512 makes the SIP parser use less than this processor has.\n";

struct CommandLine {
    std::string config;
    bool check = false;
    bool seal = false;
    bool print_commands = false;
    bool version = false;
    bool help = false;
    std::string problem;
};

CommandLine read_command_line(int argc, char** argv) {
    CommandLine line;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--config" && i + 1 < argc) {
            line.config = argv[++i];
        } else if (word.substr(0, 9) == "--config=") {
            line.config = word.substr(9);
        } else if (word == "--check") {
            line.check = true;
        } else if (word == "--seal") {
            line.seal = true;
        } else if (word == "--print-commands") {
            line.print_commands = true;
        } else if (word == "--version") {
            line.version = true;
        } else if (word == "--help" || word == "-h") {
            line.help = true;
        } else if (line.problem.empty()) {
            line.problem = word == "--config" ? "--config needs a file"
                                              : fmt::format("unknown argument {}", word);
        }
    }
    return line;
}

// -1: nothing to print, go on.
int print_and_leave(const CommandLine& line) {
    if (!line.problem.empty()) {
        fmt::print(stderr, "tandem-dataplane: {}\n{}", line.problem, kUsage);
        return 2;
    }
    if (line.help) {
        fmt::print("{}", kUsage);
        return 0;
    }
    if (line.version) {
        fmt::print("tandem-dataplane {}\n", TANDEM_VERSION);
        return 0;
    }
    if (line.print_commands) {
        fmt::print(
            "{}",
            tandem::ctl::commands_json("dataplane", tandem::dataplane::make_commands(nullptr)));
        return 0;
    }
    if (line.config.empty()) {
        fmt::print(stderr, "tandem-dataplane: --config FILE is missing\n{}", kUsage);
        return 2;
    }
    if (line.seal && !tandem::dataplane::can_seal_allocations()) {
        fmt::print(stderr, "tandem-dataplane: --seal is not in release builds\n");
        return 2;
    }
    return -1;
}

// False: the environment names a parser that is none, or that this processor cannot run.
bool check_environment() {
    namespace sipparse = tandem::sipparse;
    const char* const wanted = std::getenv(sipparse::kImplementationVariable);
    if (wanted == nullptr ||
        sipparse::implementation_name(sipparse::chosen_implementation()) == wanted) {
        return true;
    }
    std::string possible;
    for (const sipparse::ImplementationRow& row : sipparse::kImplementations) {
        possible += sipparse::is_supported(row.implementation) ? fmt::format(" {}", row.name) : "";
    }
    fmt::print(stderr,
               "tandem-dataplane: {}={}: this processor has:{}\n",
               sipparse::kImplementationVariable,
               wanted,
               possible);
    return false;
}

int run(int argc, char** argv) {
    const CommandLine line = read_command_line(argc, argv);
    if (const int status = print_and_leave(line); status >= 0) {
        return status;
    }
    if (!check_environment()) {
        return 2;
    }
    const auto configuration = tandem::config::load_file(line.config);
    if (!configuration) {
        tandem::config::print_problems(configuration.error(), stderr);
        return 2;
    }
    if (line.check) {
        fmt::print("{}: good\n", line.config);
        return 0;
    }
    return tandem::dataplane::run_process(configuration.value(), {.seal = line.seal});
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "tandem-dataplane: {}\n", error.what());
        return 1;
    }
}
