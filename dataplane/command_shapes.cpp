// SPDX-License-Identifier: Apache-2.0
//
// The command table of the dataplane. What a row answers is made in commands.cpp.
#include "dataplane/command_shapes.hpp"

#include <utility>

namespace tandem::dataplane {

namespace {

using ctl::ColumnType;
using ctl::Section;
using ctl::Shape;

Section status_section() {
    return {.key = "",
            .title = "",
            .shape = Shape::Members,
            .columns = {
                {"node", "node"},
                {"version", "version"},
                {"pid", "pid", ColumnType::Integer},
                {"epoch", "epoch", ColumnType::Integer},
                {"uptime_ms", "uptime", ColumnType::DurationMs},
                {"role", "role"},
                {"control_plane", "control plane"},
                {"control_plane_pid", "control plane pid", ColumnType::Integer},
                {"control_plane_heartbeat_ms", "control plane heartbeat", ColumnType::DurationMs},
                {"worker_heartbeat_ms", "worker heartbeat", ColumnType::DurationMs},
                {"idle", "idle"},
                {"sip_parser", "SIP parser"},
                {"napping", "napping"},
                {"bursts", "bursts", ColumnType::Integer},
                {"busy_bursts", "busy bursts", ColumnType::Integer},
                {"naps", "naps", ColumnType::Integer},
                {"loop_gap_max_us", "longest loop gap, us", ColumnType::Integer}}};
}

Section ports_section() {
    return {.key = "",
            .title = "",
            .shape = Shape::Table,
            .columns = {{"name", "name"},
                        {"device", "device"},
                        {"mac", "mac"},
                        {"link", "link"},
                        {"addresses", "addresses"},
                        {"mtu", "mtu", ColumnType::Integer},
                        {"rx_packets", "rx packets", ColumnType::Integer},
                        {"rx_bytes", "rx bytes", ColumnType::Bytes},
                        {"rx_drops", "rx drops", ColumnType::Integer},
                        {"tx_packets", "tx packets", ColumnType::Integer},
                        {"tx_bytes", "tx bytes", ColumnType::Bytes},
                        {"driver_rx_missed", "missed", ColumnType::Integer},
                        {"driver_rx_errors", "rx errors", ColumnType::Integer},
                        {"driver_tx_errors", "tx errors", ColumnType::Integer}}};
}

Section counters_section(std::string key, std::string title) {
    return {.key = std::move(key),
            .title = std::move(title),
            .shape = Shape::Table,
            .columns = {
                {"name", "name"}, {"count", "count", ColumnType::Integer}, {"help", "meaning"}}};
}

Section transactions_section() {
    return {.key = "transactions",
            .title = "transactions",
            .shape = Shape::Table,
            .columns = {{"machine", "machine"},
                        {"state", "state"},
                        {"count", "count", ColumnType::Integer}}};
}

Section neighbours_section() {
    return {.key = "",
            .title = "",
            .shape = Shape::Table,
            .columns = {{"port", "port"},
                        {"address", "address"},
                        {"mac", "mac"},
                        {"state", "state"},
                        {"pending", "pending", ColumnType::Integer}}};
}

std::vector<Section> shm_sections() {
    return {{.key = "region",
             .title = "region",
             .shape = Shape::Members,
             .columns = {{"bytes", "size", ColumnType::Bytes},
                         {"pages", "pages"},
                         {"version", "version"},
                         {"layout_hash", "layout hash"},
                         {"dataplane_epoch", "dataplane epoch", ColumnType::Integer},
                         {"attachment", "attachment", ColumnType::Integer},
                         {"attach_state", "attach state"},
                         {"control_planes_lost", "control planes lost", ColumnType::Integer}}},
            {.key = "rings",
             .title = "rings",
             .shape = Shape::Table,
             .columns = {{"ring", "ring"},
                         {"bytes", "size", ColumnType::Bytes},
                         {"used_bytes", "used", ColumnType::Bytes},
                         {"peak_bytes", "peak", ColumnType::Bytes}}},
            {.key = "slots",
             .title = "client slots",
             .shape = Shape::Members,
             .columns = {{"free", "with the dataplane", ColumnType::Integer},
                         {"core", "with the core", ColumnType::Integer},
                         {"in_use", "in use", ColumnType::Integer}}},
            {.key = "pools",
             .title = "pools",
             .shape = Shape::Table,
             .columns = {{"pool", "pool"},
                         {"used", "used", ColumnType::Integer},
                         {"peak", "peak", ColumnType::Integer},
                         {"limit", "limit", ColumnType::Integer}}}};
}

} // namespace

ctl::CommandTable command_table(CommandHandlers handlers) {
    ctl::CommandTable table;
    table.push_back({.path = "status",
                     .help = "Show how the dataplane is",
                     .sections = {status_section()},
                     .handler = std::move(handlers.status)});
    table.push_back({.path = "ports",
                     .help = "Show the ports, their addresses and traffic",
                     .sections = {ports_section()},
                     .handler = std::move(handlers.ports)});
    table.push_back({.path = "drops",
                     .help = "Show why packets, messages and records were dropped",
                     .arguments = {{.name = "all",
                                    .type = ctl::ArgumentType::Flag,
                                    .help = "also the reasons that never occurred"}},
                     .sections = {counters_section("", "")},
                     .handler = std::move(handlers.drops)});
    table.push_back({.path = "stats",
                     .help = "Show all counters, and the transactions by state",
                     .sections = {counters_section("counters", "counters"), transactions_section()},
                     .handler = std::move(handlers.stats)});
    table.push_back({.path = "neighbours",
                     .help = "Show the stations known by ARP",
                     .sections = {neighbours_section()},
                     .handler = std::move(handlers.neighbours)});
    table.push_back({.path = "shm show",
                     .help = "Show the shared memory: region, rings, slots and pools",
                     .sections = shm_sections(),
                     .handler = std::move(handlers.shm_show)});
    return table;
}

} // namespace tandem::dataplane
