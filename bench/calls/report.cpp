// SPDX-License-Identifier: Apache-2.0
//
// Rows of the contract, and tables beside them.
#include "bench/calls/report.hpp"

#include <cstdio>
#include <fmt/format.h>

namespace tandem::bench {

namespace {

// How many messages a stage had, so that its time can be said per message.
std::uint64_t messages_of(TimedStage stage, const LoadResult& result) {
    const Traffic& traffic = result.traffic;
    switch (stage) {
    case TimedStage::Outside:
    case TimedStage::Arp:
    case TimedStage::Icmp:
        return 0;
    case TimedStage::Rx:
    case TimedStage::Ether:
    case TimedStage::Ip4:
    case TimedStage::Udp:
    case TimedStage::Screen:
    case TimedStage::Sip:
    case TimedStage::Expire:
        return traffic.received;
    case TimedStage::Publish:
    case TimedStage::Intake:
    case TimedStage::Core:
        return traffic.events;
    case TimedStage::Effects:
    case TimedStage::Drain:
        return traffic.commands;
    case TimedStage::Transaction:
    case TimedStage::SendUdp:
    case TimedStage::SendIp4:
    case TimedStage::SendEther:
        return result.stages[static_cast<std::size_t>(stage)].visits;
    case TimedStage::Tx:
        return traffic.sent;
    }
    return 0;
}

struct StageRow {
    std::string_view name;
    double ns_per_message = 0;
    double cycles_per_message = 0;
    double ns_per_call = 0;
    double messages_per_call = 0;
};

std::vector<StageRow> stage_rows(const LoadResult& result, double cycles_per_ns) {
    std::vector<StageRow> rows;
    const double done = static_cast<double>(result.traffic.done);
    for (std::size_t i = 0; i < result.stages.size(); ++i) {
        const std::uint64_t messages = messages_of(static_cast<TimedStage>(i), result);
        if (messages == 0 || done == 0) {
            continue;
        }
        // Another process had the core for a part of the time, in stages as elsewhere.
        const double cycles = static_cast<double>(result.stages[i].cycles) * result.share_by_stage;
        const double per_message = cycles / static_cast<double>(messages);
        rows.push_back({.name = kTimedStageNames[i],
                        .ns_per_message = per_message / cycles_per_ns,
                        .cycles_per_message = per_message,
                        .ns_per_call = cycles / cycles_per_ns / done,
                        .messages_per_call = static_cast<double>(messages) / done});
    }
    return rows;
}

void print_stages(std::string_view what, const LoadResult& result, double cycles_per_ns) {
    fmt::print(stderr,
               "\n{:<14} {:>12} {:>14} {:>14} {:>12}\n",
               "stage",
               "ns/message",
               "cycles/message",
               fmt::format("messages/{}", what),
               fmt::format("ns/{}", what));
    double sum = 0;
    for (const StageRow& row : stage_rows(result, cycles_per_ns)) {
        sum += row.ns_per_call;
        fmt::print(stderr,
                   "{:<14} {:>12.1f} {:>14.0f} {:>14.2f} {:>12.0f}\n",
                   row.name,
                   row.ns_per_message,
                   row.cycles_per_message,
                   row.messages_per_call,
                   row.ns_per_call);
    }
    fmt::print(stderr,
               "{:<14} {:>55.0f}\n{:<14} {:>55.0f}\n",
               "all stages",
               sum,
               "without stamps",
               result.plain.switch_ns);
}

void print_cost(std::string_view what, const LoadResult& result) {
    fmt::print(stderr,
               "\n{}: {:.0f} ns of the switch (median of {} seconds, {:.0f} to {:.0f}), {:.0f} ns "
               "with stamps, {:.0f} ns of the phones beside it; {:.0f} a second with phones and "
               "switch on one core; {} transactions lingered; the thread had at least {:.0f} % of "
               "the core\n",
               what,
               result.plain.switch_ns,
               result.plain.slices,
               result.plain.switch_low_ns,
               result.plain.switch_high_ns,
               result.by_stage.switch_ns,
               result.plain.phones_ns,
               result.plain.per_second,
               result.lingering,
               100 * result.plain.share);
}

class JsonRows {
  public:
    void add(std::string_view name, double value, std::string_view unit, std::string_view better) {
        fmt::print(
            "{}{{\"name\": \"{}\", \"value\": {:.1f}, \"unit\": \"{}\", \"better\": \"{}\"}}",
            first_ ? "\n  " : ",\n  ",
            name,
            value,
            unit,
            better);
        first_ = false;
    }

  private:
    bool first_ = true;
};

double per_second(double ns) {
    return ns > 0 ? 1e9 / ns : 0;
}

} // namespace

void print_tables(const Results& results) {
    print_cost("a call", results.calls);
    print_stages("call", results.calls, results.cycles_per_ns);
    print_cost("a registration", results.registrations);
    print_stages("reg.", results.registrations, results.cycles_per_ns);
    const MemoryResult& memory = results.memory;
    fmt::print(stderr,
               "\n{} held calls: {:.0f} bytes each in pools, {:.0f} elsewhere in the process; "
               "{} transactions lingered at {:.0f} bytes each\n{:.0f} bytes a registration\n"
               "one visit of a stage costs {:.0f} + {:.0f} cycles of stamps, which are taken off; "
               "{:.3f} cycles/ns\n",
               memory.held,
               memory.live_bytes_per_call,
               memory.process_bytes_per_call,
               memory.lingering,
               memory.bytes_per_lingering,
               memory.bytes_per_registration,
               stage_clock().own_cost(),
               stage_clock().outer_cost(),
               results.cycles_per_ns);
}

void print_json(const Results& results) {
    JsonRows rows;
    fmt::print("{{\"rows\": [");
    rows.add("call", results.calls.plain.switch_ns, "ns", "lower");
    rows.add("calls_per_second", per_second(results.calls.plain.switch_ns), "calls/s", "higher");
    rows.add("bytes_per_call", results.memory.bytes_per_call, "bytes", "lower");
    rows.add(
        "bytes_per_lingering_transaction", results.memory.bytes_per_lingering, "bytes", "lower");
    rows.add("bytes_per_registration", results.memory.bytes_per_registration, "bytes", "lower");
    rows.add("registrations_per_second",
             per_second(results.registrations.plain.switch_ns),
             "registrations/s",
             "higher");
    for (const StageRow& row : stage_rows(results.calls, results.cycles_per_ns)) {
        rows.add(fmt::format("stage/{}", row.name), row.ns_per_message, "ns", "lower");
    }
    fmt::print("\n]}}\n");
}

void print_faults(const load::Faults& faults) {
    for (const load::FaultReport& report : faults.reports()) {
        fmt::print(stderr,
                   "\n{} {} ({}): {}\n{}\n",
                   report.who,
                   report.serial,
                   report.state,
                   load::sentence(report.fault),
                   report.message.text());
    }
    fmt::print(stderr, "{} messages or calls were not right\n", faults.count());
}

void print_drops(const SwitchNode& node) {
    for (const shm::CounterRow& row : shm::kCounters) {
        const std::uint64_t value = node.counter(row.id);
        if (row.kind == shm::CounterKind::Drop && value > 0) {
            fmt::print(stderr, "the switch counted {} {}\n", value, row.name);
        }
    }
}

bool are_all_stages_timed(const LoadResult& calls) {
    bool all = true;
    for (std::size_t i = 1; i < calls.stages.size(); ++i) {
        if (calls.stages[i].visits == 0) {
            fmt::print(stderr, "stage {} was never timed\n", kTimedStageNames[i]);
            all = false;
        }
    }
    return all;
}

} // namespace tandem::bench
