// SPDX-License-Identifier: Apache-2.0
//
// The control plane's rows of the command table. Handlers run on the control server's thread and
// look at the core through CoreThread::query(), a page at a time, so that a long list never holds
// up calls. One function for each subject; commands.cpp puts them together.
#pragma once

#include "base/time.hpp"
#include "config/configuration.hpp"
#include "controlplane/io/core_thread.hpp"
#include "controlplane/io/journal.hpp"
#include "ctl/command.hpp"

namespace tandem::controlplane {

// What handlers look at; outlives the table. Not needed to describe the commands.
struct CommandSubject {
    CoreThread* core = nullptr;
    const Journal* journal = nullptr;
    const config::Configuration* configuration = nullptr;
    base::WallNs started_wall_ns = 0;
};

[[nodiscard]] ctl::CommandTable commands(const CommandSubject& subject);

void add_node_commands(ctl::CommandTable& table, const CommandSubject& subject);
void add_call_commands(ctl::CommandTable& table, const CommandSubject& subject);
void add_journal_commands(ctl::CommandTable& table, const CommandSubject& subject);
void add_directory_commands(ctl::CommandTable& table, const CommandSubject& subject);
void add_option_commands(ctl::CommandTable& table, const CommandSubject& subject);

} // namespace tandem::controlplane
