// SPDX-License-Identifier: Apache-2.0
//
// How the answers of the dataplane's commands look: names, help and columns of the command table,
// without handlers. Built once at start.
#pragma once

#include "ctl/command.hpp"

namespace tandem::dataplane {

// Handlers in the order of the rows of command_table().
struct CommandHandlers {
    ctl::Handler status;
    ctl::Handler ports;
    ctl::Handler drops;
    ctl::Handler stats;
    ctl::Handler neighbours;
    ctl::Handler shm_show;
};

[[nodiscard]] ctl::CommandTable command_table(CommandHandlers handlers);

} // namespace tandem::dataplane
