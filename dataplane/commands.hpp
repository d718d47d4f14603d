// SPDX-License-Identifier: Apache-2.0
//
// What the commands of the dataplane answer. The handlers run on the control server's thread: they
// read atomics of the worker and the region, and take a snapshot for what only the worker may see.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "ctl/command.hpp"
#include "dataplane/node.hpp"
#include "dataplane/port/ethdev_port.hpp"

namespace tandem::dataplane {

// Set by the cold loop.
struct LinkState {
    std::atomic<bool> is_up = false; // cold loop: rw, control server: ro
};

struct CommandSources {
    const config::Configuration* configuration = nullptr;
    Node* node = nullptr;
    std::vector<const port::EthdevPort*> ports; // in the order of the configuration
    std::vector<const LinkState*> links;        // likewise
    const rte_mempool* pool = nullptr;
    bool packets_on_huge_pages = false;
};

// `sources` and all it points to outlive the table. Null: the table is only to be printed.
[[nodiscard]] ctl::CommandTable make_commands(const CommandSources* sources);

} // namespace tandem::dataplane
