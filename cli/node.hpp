// SPDX-License-Identifier: Apache-2.0
//
// What the two processes of a node offer together: their tables of commands, merged by path. Read
// once per invocation (or prompt line), then asked by the parser, the completion and the help.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/process_link.hpp"

namespace tandem::cli {

// One process with its table, from its socket or, when it is down, from its file.
struct Process {
    ProcessLink link;
    ctl::CommandTable table = {};
    bool has_table = false;
    std::optional<LinkFailure> down = {}; // why the socket gave no table
};

// One command of one process.
struct Offer {
    const Process* process = nullptr;
    const ctl::Command* command = nullptr;
};

class Node {
  public:
    // Asks both sockets for their tables.
    explicit Node(std::string run_directory);

    // Offers point into this object.
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    [[nodiscard]] const std::string& run_directory() const { return run_directory_; }

    [[nodiscard]] const std::vector<Process>& processes() const { return processes_; }

    // Neither process runs nor ever ran here.
    [[nodiscard]] bool is_empty() const;

    // All paths, sorted, each once.
    [[nodiscard]] std::vector<std::string> paths() const;

    // Who offers this path, the dataplane first; empty: nobody.
    [[nodiscard]] std::vector<Offer> offers_of(std::string_view path) const;

  private:
    std::string run_directory_;
    std::vector<Process> processes_;
};

} // namespace tandem::cli
