// SPDX-License-Identifier: Apache-2.0
//
// The whole table of the control plane, in the order of the manual.
#include "controlplane/io/commands.hpp"

namespace tandem::controlplane {

ctl::CommandTable commands(const CommandSubject& subject) {
    ctl::CommandTable table;
    add_node_commands(table, subject);
    add_call_commands(table, subject);
    add_directory_commands(table, subject);
    add_journal_commands(table, subject);
    add_option_commands(table, subject);
    return table;
}

} // namespace tandem::controlplane
