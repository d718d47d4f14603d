// SPDX-License-Identifier: Apache-2.0
//
// The way to one process of a node: its control socket, and the file of commands it left beside the
// socket when it started. It asks one question per connection and knows no command.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ctl/command.hpp"

namespace tandem::cli {

enum class LinkFault : std::uint8_t {
    NotRunning,  // no socket, or nobody accepts on it
    Unreachable, // the socket may not be used, the answer did not come in time or is not JSON-RPC
    Failed,      // the process answered with an error
};

struct LinkFailure {
    LinkFault fault = LinkFault::NotRunning;
    ctl::FailureCode code = ctl::FailureCode::Unavailable; // of the process, when it answered
    std::string text = {};                                 // one line, without the process' name
};

class ProcessLink {
  public:
    ProcessLink(const std::string& run_directory, std::string name, std::string title);

    // "dataplane", as in file names and JSON; "control plane", as in headings.
    [[nodiscard]] const std::string& name() const { return name_; }

    [[nodiscard]] const std::string& title() const { return title_; }

    [[nodiscard]] const std::string& socket_path() const { return socket_path_; }

    // Connects, asks, waits for the one answer, closes. All of it within `timeout`.
    [[nodiscard]] base::Result<nlohmann::json, LinkFailure>
    ask(std::string_view method,
        const nlohmann::json& params,
        std::chrono::milliseconds timeout = kAnswerTimeout) const;

    // The table that the process wrote at its last start.
    [[nodiscard]] base::Result<ctl::CommandTable, std::string> table_from_file() const;

  private:
    static constexpr std::chrono::milliseconds kAnswerTimeout{5000};

    std::string name_;
    std::string title_;
    std::string socket_path_;
    std::string table_path_;
};

} // namespace tandem::cli
