// SPDX-License-Identifier: Apache-2.0
//
// The control socket of one process: JSON-RPC 2.0, one object per line, on a Unix stream socket.
// It decides who may connect and how much a client may send or leave unread; it never touches the
// state of the process itself: the handlers of the table do, and they marshal to their own threads.
// The server has one thread of its own; start() and the destructor are called by the main thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ctl/command.hpp"

namespace tandem::ctl {

struct ServerOptions {
    std::string run_directory; // created with mode 0755 (parents too) if it is missing
    std::string process;       // "dataplane" or "controlplane"; the socket is "<process>.sock"

    // Called on the server's thread with one line without newline; may be empty. Refused writes and
    // dropped clients are reported here, with the peer's uid.
    std::function<void(std::string_view)> log;

    // The default sizes serve a person and a few scripts; tests make them small.
    std::size_t line_bytes_max = std::size_t{64} * 1024; // a request; longer ones end the client
    std::size_t output_bytes_max =
        std::size_t{16} * 1024 * 1024;                 // unread answers; more end the client
    std::size_t clients_max = 64;                      // further ones get an error and are closed
    std::size_t depth_max = 16;                        // nesting of a request
    std::chrono::milliseconds idle_timeout{60 * 1000}; // neither request nor read answer
};

// Written by the server's thread, a snapshot for anybody.
struct ServerCounters {
    std::uint64_t clients_accepted = 0;
    std::uint64_t clients_refused = 0; // more than clients_max
    std::uint64_t clients_dropped = 0; // line too long, slow reader, idle
    std::uint64_t requests = 0;        // lines that were answered, also with an error
    std::uint64_t failures = 0;        // answers that were errors
};

class Server {
  public:
    // Creates the directory, takes the place of a stale socket (nobody accepts there), writes
    // "<process>.commands.json" beside it and starts the thread. The error is one line: the faulty
    // table, the path and errno text, or "another dataplane answers on …".
    [[nodiscard]] static base::Result<std::unique_ptr<Server>, std::string>
    start(ServerOptions options, CommandTable table);

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    // Closes all clients, joins the thread, removes the socket. The file of commands stays, so that
    // tandemctl knows what a process that is down would offer.
    ~Server();

    [[nodiscard]] const std::string& socket_path() const;
    [[nodiscard]] ServerCounters counters() const;

  private:
    class Loop;
    explicit Server(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

} // namespace tandem::ctl
