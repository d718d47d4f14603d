// SPDX-License-Identifier: Apache-2.0
//
// The answers as JSON, one function per command, in the shapes of command_shapes.cpp. Runs on the
// control server's thread.
#include "dataplane/commands.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <rte_mempool.h>
#include <unistd.h>

#include "dataplane/command_shapes.hpp"
#include "dataplane/trace_commands.hpp"
#include "sipparse/index.hpp"

namespace tandem::dataplane {

namespace {

using nlohmann::json;

const ctl::Failure kWorkerSilent = {.code = ctl::FailureCode::Unavailable,
                                    .text = "the worker did not answer within a second"};

std::string text_of(base::Ipv4Address address) {
    std::array<char, base::kIpv4TextBytesMax> text{};
    const char* const end = base::write_ipv4(address, text.data());
    return {text.data(), static_cast<std::size_t>(end - text.data())};
}

std::string text_of(const ha::MacAddress& mac) {
    return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}",
                       mac[0],
                       mac[1],
                       mac[2],
                       mac[3],
                       mac[4],
                       mac[5]);
}

// nothing for a time that was never set.
json age_ms(base::MonotonicNs at, base::MonotonicNs now) {
    if (at == 0) {
        return nullptr;
    }
    return now > at ? (now - at) / base::kNsPerMs : 0;
}

std::string attach_text(shm::WorkerState state) {
    switch (state) {
    case shm::WorkerState::Detached:
        return "detached";
    case shm::WorkerState::Granted:
        return "granted";
    case shm::WorkerState::Attached:
        break;
    }
    return "attached";
}

// What an operator wants to know: is there a core that hears us?
std::string control_plane_text(std::uint32_t pid, shm::WorkerState state) {
    if (pid == 0) {
        return "absent";
    }
    return state == shm::WorkerState::Attached ? "attached" : "attaching";
}

ctl::Answer answer_status(const CommandSources& sources) {
    Node& node = *sources.node;
    const WorkerSnapshot* const snapshot = node.worker().desk().take();
    if (snapshot == nullptr) {
        return base::Error{kWorkerSilent};
    }
    const shm::Region& region = node.region();
    const base::MonotonicNs now = base::monotonic_now();
    const std::uint32_t pid =
        region.dataplane_line().controlplane_pid.load(std::memory_order_acquire);
    const auto beat = [](const std::atomic<base::MonotonicNs>& heartbeat) {
        return heartbeat.load(std::memory_order_relaxed);
    };
    const LoopNumbers& loop = node.state().loop;
    const bool adaptive = sources.configuration->dataplane.idle == config::Idle::Adaptive;
    json answer = {
        {"node", sources.configuration->application.node},
        {"version", TANDEM_VERSION},
        {"pid", ::getpid()},
        {"epoch", region.info().dataplane_epoch},
        {"uptime_ms", age_ms(region.info().started_ns, now)},
        {"role", "primary"},
        {"control_plane", control_plane_text(pid, snapshot->link)},
        {"control_plane_pid", pid == 0 ? json(nullptr) : json(pid)},
        {"control_plane_heartbeat_ms",
         pid == 0 ? json(nullptr) : age_ms(beat(region.controlplane_line().heartbeat_ns), now)},
        {"worker_heartbeat_ms", age_ms(beat(region.attach_grant(0).heartbeat_ns), now)},
        {"idle", adaptive ? "adaptive" : "poll"},
        {"sip_parser", sipparse::implementation_name(sipparse::chosen_implementation())},
        {"napping", snapshot->napping},
        {"bursts", loop.bursts.get()},
        {"busy_bursts", loop.busy_bursts.get()},
        {"naps", loop.naps.get()},
        {"loop_gap_max_us", loop.gap_max_ns.get() / base::kNsPerUs}};
    return answer;
}

json port_row(const CommandSources& sources, std::size_t index) {
    const config::Port& port = sources.configuration->ports[index];
    const PortState& state = sources.node->port(index);
    const port::DriverCounters driver = sources.ports[index]->driver_counters();
    std::string addresses;
    for (const base::Ipv4Address address : state.held.addresses()) {
        if (!addresses.empty()) {
            addresses += ' ';
        }
        addresses += text_of(address);
    }
    return {{"name", port.name},
            {"device", port.device},
            {"mac", text_of(state.mac)},
            {"link", sources.links[index]->is_up.load(std::memory_order_relaxed) ? "up" : "down"},
            {"addresses", addresses},
            {"mtu", state.mtu},
            {"rx_packets", state.counters.rx_packets.get()},
            {"rx_bytes", state.counters.rx_bytes.get()},
            {"rx_drops", state.counters.drops.get()},
            {"tx_packets", state.counters.tx_packets.get()},
            {"tx_bytes", state.counters.tx_bytes.get()},
            {"driver_rx_missed", driver.rx_missed},
            {"driver_rx_errors", driver.rx_errors},
            {"driver_rx_no_buffer", driver.rx_no_buffer},
            {"driver_tx_errors", driver.tx_errors}};
}

ctl::Answer answer_ports(const CommandSources& sources) {
    json rows = json::array();
    for (std::size_t i = 0; i < sources.ports.size(); ++i) {
        rows.push_back(port_row(sources, i));
    }
    return rows;
}

json counter_rows(const shm::Region& region, bool drops_only, bool all) {
    json rows = json::array();
    for (const shm::CounterRow& row : shm::kCounters) {
        const std::uint64_t count = region.counter(row.id);
        const bool wanted = !drops_only || row.kind == shm::CounterKind::Drop;
        if (wanted && (all || count != 0)) {
            rows.push_back({{"name", row.name},
                            {"count", count},
                            {"kind", shm::counter_kind_name(row.kind)},
                            {"help", row.help}});
        }
    }
    return rows;
}

template <std::size_t Count>
void add_states(json& rows,
                std::string_view machine,
                const std::array<std::string_view, Count>& names,
                const std::array<std::uint32_t, Count>& counts) {
    for (std::size_t i = 0; i < Count; ++i) {
        rows.push_back({{"machine", machine}, {"state", names[i]}, {"count", counts[i]}});
    }
}

ctl::Answer answer_stats(const CommandSources& sources) {
    const WorkerSnapshot* const snapshot = sources.node->worker().desk().take();
    if (snapshot == nullptr) {
        return base::Error{kWorkerSilent};
    }
    constexpr std::array<std::string_view, 5> kInviteServer = {
        "proceeding", "completed", "confirmed", "accepted", "terminated"};
    constexpr std::array<std::string_view, 5> kInviteClient = {
        "calling", "proceeding", "completed", "accepted", "terminated"};
    constexpr std::array<std::string_view, 4> kNonInvite = {
        "trying", "proceeding", "completed", "terminated"};
    const transaction::LayerStatus& layer = snapshot->layer;
    json states = json::array();
    add_states(states, "invite server", kInviteServer, layer.invite_server);
    add_states(states, "non-invite server", kNonInvite, layer.non_invite_server);
    add_states(states, "invite client", kInviteClient, layer.invite_client);
    add_states(states, "non-invite client", kNonInvite, layer.non_invite_client);
    return json{{"counters", counter_rows(sources.node->region(), false, true)},
                {"transactions", states}};
}

ctl::Answer answer_neighbours(const CommandSources& sources) {
    const WorkerSnapshot* const snapshot = sources.node->worker().desk().take();
    if (snapshot == nullptr) {
        return base::Error{kWorkerSilent};
    }
    json rows = json::array();
    for (std::size_t i = 0; i < snapshot->port_count; ++i) {
        const PortSnapshot& port = snapshot->ports[i];
        for (std::size_t row = 0; row < port.neighbour_count; ++row) {
            const ha::NeighbourRow& neighbour = port.neighbours[row];
            const bool known = neighbour.mac != ha::kZeroMac;
            rows.push_back({{"port", sources.configuration->ports[i].name},
                            {"address", text_of(neighbour.address)},
                            {"mac", known ? json(text_of(neighbour.mac)) : json(nullptr)},
                            {"state", ha::text_of(neighbour.state)},
                            {"pending", neighbour.pending}});
        }
    }
    return rows;
}

json ring_row(std::string_view name, const shm::RingMemory& ring, std::uint64_t peak_bytes) {
    const std::uint64_t used = ring.cursors->producer.tail_bytes.load(std::memory_order_relaxed) -
                               ring.cursors->consumer.head_bytes.load(std::memory_order_relaxed);
    return {{"ring", name},
            {"bytes", ring.capacity_bytes},
            {"used_bytes", std::min<std::uint64_t>(used, ring.capacity_bytes)},
            {"peak_bytes", peak_bytes}};
}

json pool_table(const CommandSources& sources, const WorkerSnapshot& snapshot) {
    json rows = json::array();
    const PoolRows pools = pool_rows(snapshot.layer);
    for (std::size_t i = 0; i < pools.size(); ++i) {
        rows.push_back({{"pool", kPoolNames[i]},
                        {"used", pools[i].used},
                        {"peak", snapshot.pool_peaks[i]},
                        {"limit", pools[i].limit}});
    }
    rows.push_back({{"pool", "packets"},
                    {"used", rte_mempool_in_use_count(sources.pool)},
                    {"peak", nullptr},
                    {"limit", sources.pool->size}});
    return rows;
}

json region_members(const shm::Region& region, shm::WorkerState link) {
    const shm::RegionInfo& info = region.info();
    const shm::AttachGrantLine& grant = region.attach_grant(0);
    return {{"bytes", info.total_bytes},
            {"pages", info.on_huge_pages ? "hugetlb" : "plain"},
            {"version", fmt::format("{}.{}", info.major, info.minor)},
            {"layout_hash", fmt::format("{:016x}", info.layout_hash)},
            {"dataplane_epoch", info.dataplane_epoch},
            {"attachment", grant.granted.load(std::memory_order_acquire)},
            {"attach_state", attach_text(link)},
            {"control_planes_lost",
             region.dataplane_line().controlplane_lost.load(std::memory_order_relaxed)}};
}

ctl::Answer answer_shm(const CommandSources& sources) {
    const WorkerSnapshot* const snapshot = sources.node->worker().desk().take();
    if (snapshot == nullptr) {
        return base::Error{kWorkerSilent};
    }
    const shm::Region& region = sources.node->region();
    const RingNumbers& rings = sources.node->state().rings;
    return json{{"region", region_members(region, snapshot->link)},
                {"rings",
                 {ring_row("events", region.event_ring(0), rings.event_peak_bytes.get()),
                  ring_row("commands", region.command_ring(0), rings.command_peak_bytes.get())}},
                {"slots",
                 {{"free", snapshot->layer.slots_free},
                  {"core", snapshot->layer.slots_core},
                  {"in_use", snapshot->layer.slots_in_use}}},
                {"pools", pool_table(sources, *snapshot)}};
}

} // namespace

ctl::CommandTable make_commands(const CommandSources* sources) {
    using Arguments = ctl::Arguments;
    ctl::CommandTable table = command_table({
        .status = [sources](const Arguments&) { return answer_status(*sources); },
        .ports = [sources](const Arguments&) { return answer_ports(*sources); },
        .drops = [sources](const Arguments& given) -> ctl::Answer {
            return counter_rows(sources->node->region(), true, given.flag("all"));
        },
        .stats = [sources](const Arguments&) { return answer_stats(*sources); },
        .neighbours = [sources](const Arguments&) { return answer_neighbours(*sources); },
        .shm_show = [sources](const Arguments&) { return answer_shm(*sources); },
    });
    add_trace_commands(table, sources);
    return table;
}

} // namespace tandem::dataplane
