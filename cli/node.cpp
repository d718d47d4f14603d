// SPDX-License-Identifier: Apache-2.0
//
// Collects the tables of both processes. A process that is down is known by the file it left.
#include "cli/node.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tandem::cli {

namespace {

Process process_of(const std::string& run_directory, const char* name, const char* title) {
    Process process{.link = ProcessLink(run_directory, name, title)};
    const auto answer = process.link.ask("commands", nullptr);
    if (!answer) {
        process.down = answer.error();
    }
    auto table = answer ? ctl::commands_from_json(answer->dump()) : process.link.table_from_file();
    process.has_table = table.has_value();
    if (table) {
        process.table = std::move(*table);
    } else if (answer) {
        process.down = LinkFailure{.fault = LinkFault::Unreachable, .text = table.error()};
    }
    return process;
}

} // namespace

Node::Node(std::string run_directory) : run_directory_(std::move(run_directory)) {
    processes_.push_back(process_of(run_directory_, "dataplane", "dataplane"));
    processes_.push_back(process_of(run_directory_, "controlplane", "control plane"));
}

bool Node::is_empty() const {
    return std::all_of(processes_.begin(), processes_.end(), [](const Process& process) {
        return !process.has_table && process.down && process.down->fault == LinkFault::NotRunning;
    });
}

std::vector<std::string> Node::paths() const {
    std::vector<std::string> paths;
    for (const auto& process : processes_) {
        for (const auto& command : process.table) {
            paths.push_back(command.path);
        }
    }
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    return paths;
}

std::vector<Offer> Node::offers_of(std::string_view path) const {
    std::vector<Offer> offers;
    for (const auto& process : processes_) {
        for (const auto& command : process.table) {
            if (command.path == path) {
                offers.push_back({.process = &process, .command = &command});
            }
        }
    }
    return offers;
}

} // namespace tandem::cli
