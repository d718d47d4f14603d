// SPDX-License-Identifier: Apache-2.0
//
// One line of JSON-RPC 2.0 in, one line out: what a request means and whether its sender may ask
// it. It knows no sockets. Owned and called by the server's thread, which also runs the handlers.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "ctl/command.hpp"

namespace tandem::ctl {

// Who asked, as the kernel says (SO_PEERCRED).
struct Peer {
    unsigned user_id = 0;
    bool may_write = false; // root, or the user this process runs as
};

struct Reply {
    std::string line = {}; // with its newline; empty when the request wanted none (a notification)
    bool failed = false;
    bool forbidden = false; // a read-only peer tried to write
};

class Dispatcher {
  public:
    struct Limits {
        std::size_t depth_max;       // nesting of a request
        std::size_t reply_bytes_max; // longer answers become a failure
    };

    Dispatcher(std::string process, CommandTable table, Limits limits);

    // `line` without its newline. Never throws for what the line or a handler does.
    [[nodiscard]] Reply reply_to(std::string_view line, const Peer& peer) const;

    // An error that answers no request in particular.
    [[nodiscard]] static Reply error_reply(FailureCode code, std::string_view text);

  private:
    [[nodiscard]] Reply reply_to_request(const nlohmann::json& request, const Peer& peer) const;
    [[nodiscard]] Reply
    run(const Command& command, const nlohmann::json& request, const Peer& peer) const;
    [[nodiscard]] Reply unknown_method(const std::string& method, const nlohmann::json& id) const;
    [[nodiscard]] Reply built_in(const std::string& method, const nlohmann::json& id) const;
    [[nodiscard]] Reply bounded(Reply reply, const nlohmann::json& id) const;

    std::string process_;
    CommandTable table_;
    std::map<std::string, const Command*, std::less<>> by_method_;
    Limits limits_;
};

} // namespace tandem::ctl
