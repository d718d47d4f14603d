// SPDX-License-Identifier: Apache-2.0
//
// The commands trace, trace start and trace stop: rows of the command table with their handlers,
// which run on the control server's thread. They give orders to the worker (trace/packet_trace.hpp)
// and read what worker and core noted in shared memory (shm/trace.hpp).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "ctl/command.hpp"
#include "dataplane/commands.hpp"
#include "dataplane/trace/packet_trace.hpp"
#include "shm/trace.hpp"

namespace tandem::dataplane {

void add_trace_commands(ctl::CommandTable& table, const CommandSources* sources);

// What the notes of a trace tell, for `trace`: the packets with their places in the trace, and the
// steps of each in the order of time. Pure, but for the two clocks it is told.
struct TraceReport {
    trace::Status status;
    std::span<const shm::TraceNote> worker{};
    std::span<const shm::TraceNote> core{};
    std::uint32_t lost = 0;
    std::uint32_t only = 0; // place of the one packet to be told; 0: all
    std::uint64_t wall_minus_monotonic_ns = 0;
    std::span<const config::Port> ports{};
};

[[nodiscard]] nlohmann::json trace_json(const TraceReport& report);

} // namespace tandem::dataplane
