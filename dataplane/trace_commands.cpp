// SPDX-License-Identifier: Apache-2.0
//
// Orders to the worker, and notes sorted into packets and steps.
#include "dataplane/trace_commands.hpp"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

namespace tandem::dataplane {

namespace {

using ctl::ArgumentType;
using ctl::ColumnType;
using ctl::FailureCode;
using ctl::Shape;
using nlohmann::json;
using shm::TraceKind;
using shm::TraceNote;

constexpr std::uint64_t kWaitStepNs = base::kNsPerMs / 5;
constexpr std::uint64_t kWaitMaxNs = base::kNsPerS;

std::string_view text_of(trace::Phase phase) {
    switch (phase) {
    case trace::Phase::Off:
        return "never started";
    case trace::Phase::Picking:
        return "waits for packets";
    case trace::Phase::Following:
        return "follows what the packets cause";
    case trace::Phase::Ended:
        break;
    }
    return "ended";
}

std::string text_of(base::Endpoint endpoint) {
    std::array<char, base::kEndpointTextBytesMax> text{};
    const char* const end = endpoint.port != 0 ? base::write_endpoint(endpoint, text.data())
                                               : base::write_ipv4(endpoint.address, text.data());
    return endpoint.address.value == 0
               ? std::string()
               : std::string(text.data(), static_cast<std::size_t>(end - text.data()));
}

// A step of a packet, and who noted it.
struct Step {
    const TraceNote* note;
    bool by_core;
};

using Steps = std::vector<Step>;

// Place in the trace from 1 on; 0: of another trace, or of nothing.
std::uint32_t place_of(const trace::Status& status, shm::TraceNumber number) {
    const std::uint32_t round = number < status.first ? 0xffffU : 0U;
    const std::uint32_t place = std::uint32_t{number} + round - status.first;
    return number != 0 && place < status.picked ? place + 1 : 0;
}

// In the order of time; what was noted at one time stays in the order of its writer.
std::map<std::uint32_t, Steps> steps_by_packet(const TraceReport& report) {
    std::map<std::uint32_t, Steps> packets;
    for (const bool by_core : {false, true}) {
        for (const TraceNote& note : by_core ? report.core : report.worker) {
            const std::uint32_t place = place_of(report.status, note.number);
            if (place != 0 && (report.only == 0 || report.only == place)) {
                packets[place].push_back({.note = &note, .by_core = by_core});
            }
        }
    }
    for (auto& [place, steps] : packets) {
        std::stable_sort(steps.begin(), steps.end(), [](const Step& left, const Step& right) {
            return left.note->time_ns < right.note->time_ns;
        });
    }
    return packets;
}

std::string what_of(const TraceNote& note) {
    if (note.kind == TraceKind::Sent) {
        return fmt::format(
            "{} > {} {}", text_of(note.local), text_of(note.remote), note.get_text());
    }
    if (note.kind == TraceKind::Counted) {
        const shm::CounterRow& row = shm::counter_row(static_cast<shm::CounterId>(note.counter));
        return fmt::format("{} {}", shm::counter_kind_name(row.kind), row.name);
    }
    return {};
}

std::string_view kind_text(TraceKind kind) {
    constexpr std::array<std::string_view, 4> kNames = {"arrived", "visited", "sent", "counted"};
    return kNames[static_cast<std::size_t>(kind) - 1];
}

json step_json(std::uint32_t place, const Step& step, base::MonotonicNs arrived_ns) {
    const TraceNote& note = *step.note;
    const base::StageRow& row = base::stage_row(note.stage);
    return {{"packet", place},
            {"ns", note.time_ns - std::min(note.time_ns, arrived_ns)},
            {"thread", step.by_core ? "core" : "worker"},
            {"kind", kind_text(note.kind)},
            {"stage", row.name},
            {"file", row.file},
            {"what", what_of(note)}};
}

json packet_json(const TraceReport& report, std::uint32_t place, const Steps& steps) {
    const TraceNote& first = *steps.front().note;
    const bool is_known = first.kind == TraceKind::Arrived && first.port < report.ports.size();
    const auto drop = std::find_if(steps.begin(), steps.end(), [](const Step& step) {
        return step.note->kind == TraceKind::Counted &&
               shm::counter_row(static_cast<shm::CounterId>(step.note->counter)).kind ==
                   shm::CounterKind::Drop;
    });
    return {{"packet", place},
            {"arrived", (first.time_ns + report.wall_minus_monotonic_ns) / base::kNsPerMs},
            {"port", is_known ? json(report.ports[first.port].name) : json(nullptr)},
            {"source", text_of(first.remote)},
            {"destination", text_of(first.local)},
            {"dropped",
             drop == steps.end()
                 ? json(nullptr)
                 : json(shm::counter_row(static_cast<shm::CounterId>(drop->note->counter)).name)},
            {"line", first.get_text()}};
}

json status_json(const TraceReport& report) {
    const trace::Status& status = report.status;
    return {{"state", text_of(status.phase)},
            {"packets", status.picked},
            {"wanted", status.wanted},
            {"address", text_of(base::Endpoint{.address = status.filter.address})},
            {"first_line", status.filter.get_prefix()},
            {"lost", report.lost}};
}

// The worker takes an order once per burst. False: it did not within a second.
bool wait_until_taken(const trace::TraceDesk& desk) {
    for (std::uint64_t waited = 0; waited < kWaitMaxNs; waited += kWaitStepNs) {
        if (desk.is_taken()) {
            return true;
        }
        const timespec step = {.tv_sec = 0, .tv_nsec = kWaitStepNs};
        ::nanosleep(&step, nullptr);
    }
    return desk.is_taken();
}

ctl::Answer silent() {
    return base::Error{ctl::Failure{.code = FailureCode::Unavailable,
                                    .text = "the worker did not answer within a second"}};
}

ctl::Answer give_order(Node& node, const trace::Order& order) {
    trace::TraceDesk& desk = node.state().trace.desk();
    // An order the worker did not take in time before may still be open.
    if (!wait_until_taken(desk) || !desk.post(order) || !wait_until_taken(desk)) {
        return silent();
    }
    return status_json({.status = desk.status(), .ports = {}});
}

ctl::Answer start(Node& node, const ctl::Arguments& given) {
    trace::Order order;
    order.packets = static_cast<std::uint32_t>(given.integer("count"));
    if (given.has("address")) {
        const auto address = base::parse_ipv4(given.string("address"));
        if (!address) {
            return base::Error{ctl::Failure{.code = FailureCode::InvalidArguments,
                                            .text = "address: '" + given.string("address") +
                                                    "' is no IPv4 address, as 10.77.0.100 is one"}};
        }
        order.filter.address = *address;
    }
    const std::string& prefix = given.string("first-line");
    if (prefix.size() > trace::kPrefixBytesMax) {
        return base::Error{ctl::Failure{
            .code = FailureCode::InvalidArguments,
            .text = fmt::format("first-line: at most {} characters", trace::kPrefixBytesMax)}};
    }
    std::copy(prefix.begin(), prefix.end(), order.filter.prefix.begin());
    order.filter.prefix_bytes = static_cast<std::uint8_t>(prefix.size());
    return give_order(node, order);
}

ctl::Answer show(const CommandSources& sources, const ctl::Arguments& given) {
    const trace::TraceDesk& desk = sources.node->state().trace.desk();
    if (!wait_until_taken(desk)) {
        return silent();
    }
    const trace::Status status = desk.status();
    std::vector<TraceNote> worker(shm::kTraceNotesMax);
    std::vector<TraceNote> core(shm::kTraceNotesMax);
    const shm::Region& region = sources.node->region();
    const auto noted = shm::collect_trace(region.worker_trace(0), status.session, worker);
    const auto by_core = shm::collect_trace(region.core_trace(0), status.session, core);
    return trace_json({.status = status,
                       .worker = std::span(worker).first(noted.count),
                       .core = std::span(core).first(by_core.count),
                       .lost = noted.lost + by_core.lost,
                       .only = static_cast<std::uint32_t>(given.integer("packet")),
                       .wall_minus_monotonic_ns = base::wall_now() - base::monotonic_now(),
                       .ports = sources.configuration->ports});
}

ctl::Section status_section(std::string key) {
    return {.key = std::move(key),
            .title = "",
            .shape = Shape::Members,
            .columns = {{"state", "trace"},
                        {"packets", "packets", ColumnType::Integer},
                        {"wanted", "wanted", ColumnType::Integer},
                        {"address", "only from or to"},
                        {"first_line", "only beginning with"},
                        {"lost", "notes lost", ColumnType::Integer}}};
}

ctl::Section packets_section() {
    return {.key = "packets",
            .title = "packets",
            .shape = Shape::Table,
            .columns = {{"packet", "packet", ColumnType::Integer},
                        {"arrived", "arrived", ColumnType::Time},
                        {"port", "port"},
                        {"source", "from"},
                        {"destination", "to"},
                        {"dropped", "dropped"},
                        {"line", "first line"}}};
}

ctl::Section steps_section() {
    return {.key = "steps",
            .title = "steps",
            .shape = Shape::Table,
            .columns = {{"packet", "packet", ColumnType::Integer},
                        {"ns", "ns", ColumnType::Integer},
                        {"thread", "thread"},
                        {"stage", "stage"},
                        {"file", "file"},
                        {"what", "what"}}};
}

std::vector<ctl::Argument> start_arguments() {
    return {{.name = "count",
             .type = ArgumentType::Integer,
             .min = 1,
             .max = shm::kTracePacketsMax,
             .preset = "16",
             .help = "how many packets to follow; then the trace ends by itself"},
            {.name = "address", .help = "only packets from or to this IPv4 address"},
            {.name = "first-line",
             .help = "only messages that begin with this, as \"INVITE\" or \"SIP/2.0 180\""}};
}

} // namespace

json trace_json(const TraceReport& report) {
    json packets = json::array();
    json steps = json::array();
    for (const auto& [place, of_packet] : steps_by_packet(report)) {
        packets.push_back(packet_json(report, place, of_packet));
        for (const Step& step : of_packet) {
            steps.push_back(step_json(place, step, of_packet.front().note->time_ns));
        }
    }
    return {{"trace", status_json(report)}, {"packets", packets}, {"steps", steps}};
}

void add_trace_commands(ctl::CommandTable& table, const CommandSources* sources) {
    table.push_back(
        {.path = "trace",
         .help = "Show the stages followed packets visited, with times, in both processes",
         .arguments = {{.name = "packet",
                        .type = ArgumentType::Integer,
                        .min = 1,
                        .max = shm::kTracePacketsMax,
                        .help = "only this packet"}},
         .sections = {status_section("trace"), packets_section(), steps_section()},
         .handler = [sources](const ctl::Arguments& given) { return show(*sources, given); }});
    table.push_back({.path = "trace start",
                     .help = "Follow the next packets through all stages; forgets the last trace",
                     .access = ctl::Access::Write,
                     .arguments = start_arguments(),
                     .sections = {status_section("")},
                     .handler = [sources](const ctl::Arguments& given) {
                         return start(*sources->node, given);
                     }});
    table.push_back(
        {.path = "trace stop",
         .help = "End the trace before it ends by itself; what was seen stays",
         .access = ctl::Access::Write,
         .sections = {status_section("")},
         .handler = [sources](const ctl::Arguments&) { return give_order(*sources->node, {}); }});
}

} // namespace tandem::dataplane
