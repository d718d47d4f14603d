// SPDX-License-Identifier: Apache-2.0
//
// journal: what the journal of bindings holds, how far behind it is, and what is wrong with it.
#include <nlohmann/json.hpp>
#include <string>

#include "controlplane/io/commands.hpp"

namespace tandem::controlplane {

namespace {

using nlohmann::json;

ctl::Answer show(const JournalStatus& status) {
    return json{{"state", status.fault.empty() ? "written" : status.fault},
                {"path", status.path},
                {"records", status.records},
                {"bytes", status.bytes},
                {"waiting", status.waiting},
                {"unsynced_ms", status.unsynced_ms},
                {"appended", status.appended},
                {"lost", status.lost},
                {"unwritten", status.unwritten},
                {"faults", status.faults},
                {"rewrites", status.rewrites},
                {"syncs", status.syncs},
                {"loaded", status.loaded},
                {"restored", status.restored},
                {"skipped", status.skipped},
                {"corrupt", status.corrupt},
                {"torn_bytes", status.torn_bytes},
                {"refused", status.refused}};
}

ctl::Column integer(std::string key, std::string title) {
    return {.key = std::move(key), .title = std::move(title), .type = ctl::ColumnType::Integer};
}

ctl::Column bytes(std::string key, std::string title) {
    return {.key = std::move(key), .title = std::move(title), .type = ctl::ColumnType::Bytes};
}

} // namespace

void add_journal_commands(ctl::CommandTable& table, const CommandSubject& subject) {
    table.push_back(
        {.path = "journal",
         .help = "Show the journal of bindings: its file, how far behind it is, and what "
                 "was restored from it",
         .sections = {{.shape = ctl::Shape::Members,
                       .columns = {{.key = "state", .title = "journal"},
                                   {.key = "path", .title = "file"},
                                   integer("records", "records"),
                                   bytes("bytes", "size"),
                                   integer("waiting", "changes waiting"),
                                   {.key = "unsynced_ms",
                                    .title = "not synced for",
                                    .type = ctl::ColumnType::DurationMs},
                                   integer("appended", "changes written"),
                                   integer("lost", "found the queue full"),
                                   integer("unwritten", "not taken by the disk"),
                                   integer("faults", "failures to write"),
                                   integer("rewrites", "written anew"),
                                   integer("syncs", "syncs"),
                                   integer("loaded", "bindings at the start"),
                                   integer("restored", "of these restored"),
                                   integer("skipped", "of these skipped"),
                                   integer("corrupt", "damaged records skipped"),
                                   bytes("torn_bytes", "cut off at the end"),
                                   {.key = "refused", .title = "refused file"}}}},
         .handler = [subject](const ctl::Arguments&) { return show(subject.journal->status()); }});
}

} // namespace tandem::controlplane
