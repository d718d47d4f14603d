// SPDX-License-Identifier: Apache-2.0
//
// status, stats and shm show: how this process and its seam to the dataplane are.
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string>
#include <unistd.h>

#include "base/process.hpp"
#include "controlplane/core/digest.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/registrar.hpp"
#include "controlplane/io/commands.hpp"
#include "controlplane/io/query_pages.hpp"

namespace tandem::controlplane {

namespace {

using nlohmann::json;

struct CoreNumbers {
    CoreCounters counters;
    std::array<PoolUse, kCorePoolCount> pools;
    std::uint32_t calls_live = 0;
    std::uint32_t registrations = 0;
    std::uint32_t dns = 0;
    std::uint32_t trunks = 0;
    std::uint64_t digest_wrong = 0;
    std::uint64_t digest_limited = 0;
    std::uint64_t registrar_unanswered = 0;
};

bool read_numbers(CoreThread& thread, CoreNumbers& out) {
    return thread.query([&](const Core& core, const Now&) {
        out.counters = core.counters();
        out.pools = core.pools();
        out.calls_live = core.live_calls();
        out.registrations = core.registrar().in_use();
        out.dns = core.directory().dn_count();
        out.trunks = core.directory().trunk_count();
        out.digest_wrong = core.digest().wrong_count();
        out.digest_limited = core.digest().limited_count();
        out.registrar_unanswered = core.registrar().unanswered();
    });
}

ctl::Answer status(const CommandSubject& subject) {
    CoreNumbers numbers;
    CoreThreadStatus thread;
    if (!read_numbers(*subject.core, numbers) || !subject.core->status(thread)) {
        return base::Error{core_is_silent()};
    }
    const auto& application = subject.configuration->application;
    const auto usage = base::process_usage();
    const auto now_ns = base::wall_now();
    return json{
        {"node", application.node},
        {"role", "primary"},
        {"pid", ::getpid()},
        {"version", TANDEM_VERSION},
        {"uptime_ms", (now_ns - subject.started_wall_ns) / base::kNsPerMs},
        {"dataplane", thread.seam.is_open ? "attached" : thread.seam.sentence},
        {"dataplane_pid", thread.seam.is_open ? json(thread.seam.dataplane_pid) : json(nullptr)},
        {"calls", numbers.calls_live},
        {"registrations", numbers.registrations},
        {"journal", journal_state(subject.journal->status())},
        {"dns", numbers.dns},
        {"trunks", numbers.trunks},
        {"core_cpu_ms", thread.thread_cpu_ns / base::kNsPerMs},
        {"resident_bytes", usage.resident_bytes},
        {"configuration", subject.configuration->file}};
}

void add_row(json& rows, std::string_view name, std::uint64_t value, std::string_view help) {
    rows.push_back({{"name", name}, {"value", value}, {"help", help}});
}

void add_io_rows(json& rows, const CoreThreadStatus& thread, const CoreThreadCounters& loop) {
    const auto read = [](const std::atomic<std::uint64_t>& value) {
        return value.load(std::memory_order_relaxed);
    };
    add_row(rows, "events_read", thread.intake.records, "records taken from the event ring");
    add_row(rows, "events_unreadable", thread.intake.unreadable, "records refused as malformed");
    add_row(rows, "requests_sent", thread.effects.requests, "requests given to the dataplane");
    add_row(rows, "responses_sent", thread.effects.responses, "responses given to the dataplane");
    add_row(rows, "acks_sent", thread.effects.acks, "ACKs given to the dataplane");
    add_row(rows, "effects_unsent", thread.effects.unsent, "effects without a dataplane or room");
    add_row(rows, "binding_changes", thread.effects.binding_changes, "bindings made or ended");
    add_row(rows, "loops", read(loop.loops), "turns of the core's loop");
    add_row(rows, "sleeps", read(loop.sleeps), "turns that ended in sleep");
    add_row(rows, "waits_for_room", read(loop.waits_for_room), "turns with the command ring full");
    add_row(rows, "longest_loop_ns", read(loop.longest_loop_ns), "the longest turn so far");
}

void add_journal_rows(json& rows, const JournalStatus& journal) {
    add_row(rows, "journal_appended", journal.appended, "changed bindings written to the journal");
    add_row(rows, "journal_lost", journal.lost, "changed bindings that found its queue full");
    add_row(rows, "journal_unwritten", journal.unwritten, "changed bindings its disk did not take");
    add_row(rows, "journal_faults", journal.faults, "failures to write the journal");
    add_row(rows, "journal_rewrites", journal.rewrites, "journals written anew as a whole");
    add_row(rows, "journal_syncs", journal.syncs, "times the disk was told to keep the journal");
    add_row(rows, "journal_corrupt", journal.corrupt, "damaged records skipped at the start");
}

ctl::Answer stats(const CommandSubject& subject) {
    auto& thread = *subject.core;
    CoreNumbers numbers;
    CoreThreadStatus state;
    if (!read_numbers(thread, numbers) || !thread.status(state)) {
        return base::Error{core_is_silent()};
    }
    json rows = json::array();
    for (const auto& row : kCoreCounterRows) {
        add_row(rows, row.name, numbers.counters.value(row.id), row.help);
    }
    add_row(rows, "digest_wrong", numbers.digest_wrong, "digest answers that were wrong");
    add_row(rows, "digest_limited", numbers.digest_limited, "requests of sources over the limit");
    add_row(rows,
            "registrar_unanswered",
            numbers.registrar_unanswered,
            "answers to REGISTER that fit no message");
    add_io_rows(rows, state, thread.counters());
    add_journal_rows(rows, subject.journal->status());
    return rows;
}

ctl::Answer shm_show(CoreThread& thread) {
    CoreNumbers numbers;
    CoreThreadStatus state;
    if (!read_numbers(thread, numbers) || !thread.status(state)) {
        return base::Error{core_is_silent()};
    }
    json seam{{"state", state.seam.is_open ? "attached" : state.seam.sentence},
              {"opened", state.seam.opened_count},
              {"closed", state.seam.closed_count},
              {"corrupt", state.seam.corrupt_count},
              {"command_ring_used", state.command_ring_used_bytes},
              {"command_ring_bytes", state.command_ring_bytes}};
    for (const auto* key : {"dataplane_epoch", "dataplane_pid", "region_bytes", "layout"}) {
        seam[key] = nullptr;
    }
    if (state.seam.region) {
        const auto& region = *state.seam.region;
        seam["dataplane_epoch"] = region.dataplane_epoch;
        seam["dataplane_pid"] = region.dataplane_pid;
        seam["region_bytes"] = region.total_bytes;
        seam["layout"] =
            fmt::format("{}.{} hash {:016x}", region.major, region.minor, region.layout_hash);
    }
    json pools = json::array();
    for (const auto& pool : numbers.pools) {
        pools.push_back({{"name", pool.name},
                         {"in_use", pool.in_use},
                         {"peak", pool.peak},
                         {"capacity", pool.capacity},
                         {"refused", pool.refused}});
    }
    return json{{"seam", seam}, {"pools", pools}};
}

ctl::Column integer(std::string key, std::string title) {
    return {.key = std::move(key), .title = std::move(title), .type = ctl::ColumnType::Integer};
}

} // namespace

void add_node_commands(ctl::CommandTable& table, const CommandSubject& subject) {
    table.push_back(
        {.path = "status",
         .help = "Show how the process is: role, seam, calls, registrations",
         .sections = {{.shape = ctl::Shape::Members,
                       .columns = {{.key = "node", .title = "node"},
                                   {.key = "role", .title = "role"},
                                   {.key = "pid", .title = "pid"},
                                   {.key = "version", .title = "version"},
                                   {.key = "uptime_ms",
                                    .title = "uptime",
                                    .type = ctl::ColumnType::DurationMs},
                                   {.key = "dataplane", .title = "dataplane"},
                                   {.key = "dataplane_pid", .title = "dataplane pid"},
                                   integer("calls", "calls"),
                                   integer("registrations", "registrations"),
                                   {.key = "journal", .title = "journal"},
                                   integer("dns", "DNs"),
                                   integer("trunks", "trunks"),
                                   {.key = "core_cpu_ms",
                                    .title = "core used CPU for",
                                    .type = ctl::ColumnType::DurationMs},
                                   {.key = "resident_bytes",
                                    .title = "resident memory",
                                    .type = ctl::ColumnType::Bytes},
                                   {.key = "configuration", .title = "configuration"}}}},
         .handler = [subject](const ctl::Arguments&) { return status(subject); }});
    table.push_back({.path = "stats",
                     .help = "List all counters",
                     .sections = {{.columns = {{.key = "name", .title = "counter"},
                                               integer("value", "value"),
                                               {.key = "help", .title = "counts"}}}},
                     .handler = [subject](const ctl::Arguments&) { return stats(subject); }});
    table.push_back(
        {.path = "shm show",
         .help = "Show the shared memory: rings, epochs, pools",
         .sections = {{.key = "seam",
                       .shape = ctl::Shape::Members,
                       .columns = {{.key = "state", .title = "seam"},
                                   {.key = "dataplane_pid", .title = "dataplane pid"},
                                   {.key = "dataplane_epoch", .title = "dataplane epoch"},
                                   {.key = "layout", .title = "layout"},
                                   {.key = "region_bytes",
                                    .title = "region",
                                    .type = ctl::ColumnType::Bytes},
                                   {.key = "command_ring_used",
                                    .title = "command ring filled",
                                    .type = ctl::ColumnType::Bytes},
                                   {.key = "command_ring_bytes",
                                    .title = "command ring",
                                    .type = ctl::ColumnType::Bytes},
                                   integer("opened", "opened"),
                                   integer("closed", "closed"),
                                   integer("corrupt", "corrupt")}},
                      {.key = "pools",
                       .title = "pools",
                       .columns = {{.key = "name", .title = "pool"},
                                   integer("in_use", "in use"),
                                   integer("peak", "peak"),
                                   integer("capacity", "capacity"),
                                   integer("refused", "refused")}}},
         .handler = [subject](const ctl::Arguments&) { return shm_show(*subject.core); }});
}

} // namespace tandem::controlplane
