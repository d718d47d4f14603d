// SPDX-License-Identifier: Apache-2.0
//
// Builds the node as dataplane/process.cpp and controlplane/io/core_thread.cpp do, and turns it as
// their loops do, without their threads, sleeps and sockets.
#include "bench/calls/switch_node.hpp"

#include <limits>
#include <stdexcept>

#include "bench/calls/stage_clock.hpp"
#include "bench/calls/station.hpp"
#include "dataplane/pipeline.hpp"

namespace tandem::bench {

namespace {

// As CoreThread: events between two readings of the clock.
constexpr std::size_t kEventsPerTurn = 64;
constexpr std::uint32_t kEpoch = 0x5eed'0001;

// Seconds one call's transactions linger: L, M and J are 64*T1, K is T4.
constexpr std::uint32_t kLingerSeconds = 3 * 32 + 5;
constexpr std::uint32_t kServerAndAckSeconds =
    2 * 32; // those that keep bytes: the 200 to BYE, our ACK
constexpr std::uint32_t kClientSeconds = 32 + 5;

base::Ipv4Address address(std::uint32_t value) {
    return {.value = value};
}

TimedStage timed(dataplane::StageId id) {
    using dataplane::StageId;
    switch (id) {
    case StageId::Rx:
        return TimedStage::Rx;
    case StageId::Ether:
        return TimedStage::Ether;
    case StageId::Arp:
        return TimedStage::Arp;
    case StageId::Ip4:
        return TimedStage::Ip4;
    case StageId::Icmp:
        return TimedStage::Icmp;
    case StageId::Udp:
        return TimedStage::Udp;
    case StageId::Screen:
        return TimedStage::Screen;
    case StageId::Sip:
        return TimedStage::Sip;
    case StageId::Publish:
        return TimedStage::Publish;
    case StageId::Drain:
        return TimedStage::Drain;
    case StageId::Expire:
        return TimedStage::Expire;
    case StageId::SendUdp:
        return TimedStage::SendUdp;
    case StageId::SendIp4:
        return TimedStage::SendIp4;
    case StageId::SendEther:
        return TimedStage::SendEther;
    case StageId::Tx:
        return TimedStage::Tx;
    default: // of transactions and core, which are no stages of the loop
        return TimedStage::Outside;
    }
}

} // namespace

config::Configuration configuration_of(const SwitchSize& size) {
    config::Configuration configuration;
    config::Application& application = configuration.application;
    application.node = "a";
    application.sip_address = address(load::kSwitch.address);
    application.sip_port = load::kSwitch.port;
    application.realm = "10.77.0.10";
    application.max_calls_at_once = size.calls_at_once;
    application.max_registrations = size.numbers;
    const transaction::LayerLimits limits = limits_of(size);
    application.max_transactions = limits.server_transactions_max;
    application.max_lingering_transactions = limits.lingering_max;
    config::Port port;
    port.name = "sip0";
    port.device = "memory";
    port.address = address(load::ipv4(10, 77, 0, 1));
    port.prefix_length = 24;
    port.gateway = address(kRouterAddress);
    configuration.ports.push_back(port);
    config::DnRange numbers;
    numbers.numbers.push_back({.first = load::kFirstNumber,
                               .last = load::kFirstNumber + size.numbers - 1,
                               .digits = load::kNumberDigits,
                               .name = {}});
    numbers.realm = application.realm;
    configuration.dn_ranges.push_back(numbers);
    return configuration;
}

transaction::LayerLimits limits_of(const SwitchSize& size) {
    transaction::LayerLimits limits;
    const std::uint32_t live = limits.server_transactions_max + limits.client_transactions_max;
    limits.lingering_max = kLingerSeconds * size.calls_per_second + live + 1;
    limits.client_slots_max = kClientSeconds * size.calls_per_second + live;
    // The small ones hold the 200 to a BYE and most ACKs, the next our longer ACKs with a route.
    limits.buffers_max[0] = kServerAndAckSeconds * size.calls_per_second + live;
    return limits;
}

SwitchNode::SwitchNode(const SwitchSize& size, MemoryPort& port, rte_mempool& pool, bool huge_pages)
    : configuration_(configuration_of(size)) {
    dataplane::NodeOptions options;
    options.configuration = &configuration_;
    options.epoch = kEpoch;
    options.seed.fill(7);
    options.pool = &pool;
    options.ports = {&port};
    options.macs = {kSwitchMac};
    options.mtus = {configuration_.ports[0].mtu};
    options.limits = limits_of(size);
    options.huge_pages = huge_pages;
    auto built = dataplane::Node::build(options);
    if (!built) {
        throw std::runtime_error(built.error());
    }
    node_ = std::move(built.value());
    controlplane::CoreSeed seed{.node = configuration_.application.node, .term = 1};
    seed.random.fill(11);
    core_ = std::make_unique<controlplane::Core>(configuration_, seed, effects_);
    attach();
}

SwitchNode::~SwitchNode() = default;

void SwitchNode::attach() {
    constexpr int kTurnsMax = 8;
    node_->region().dataplane_line().controlplane_pid.store(1);
    link_ = std::make_unique<shm::CoreLink>(node_->region(), 0);
    for (int i = 0; i < kTurnsMax && !(link_->is_open() && node_->link().is_open()); ++i) {
        static_cast<void>(link_->poll());
        turn_worker();
    }
    if (!link_->is_open()) {
        throw std::runtime_error("the core did not get attached");
    }
    effects_.use_ring(&link_->commands(), node_->region().command_ring(0).capacity_bytes);
    const auto& info = node_->region().info();
    core_->step(controlplane::AttachedInput{.owner = {.epoch = info.dataplane_epoch,
                                                      .node = static_cast<std::uint8_t>(info.node),
                                                      .worker = 0},
                                            .branch_key = info.branch_key,
                                            .call_id_key = info.call_id_key},
                {.monotonic_ns = base::monotonic_now(), .wall_ns = base::wall_now()});
}

void SwitchNode::turn() {
    if (stage_clock().is_on()) {
        turn_worker_by_stage();
    } else {
        turn_worker();
    }
    turn_core();
}

void SwitchNode::turn_worker() {
    static_cast<void>(node_->worker().run_burst(base::monotonic_now()));
}

// What Worker::run_burst does per burst, without its gauges, which come once a millisecond.
void SwitchNode::turn_worker_by_stage() {
    dataplane::WorkerState& state = node_->state();
    state.now = base::monotonic_now();
    state.work = 0;
    for (const dataplane::Stage& stage : dataplane::kStages) {
        if (stage.run != nullptr) {
            const Timed in_stage(timed(stage.id));
            stage.run(state);
        }
    }
    node_->link().beat(state.now);
}

void SwitchNode::turn_core() {
    const controlplane::Now now{.monotonic_ns = base::monotonic_now(), .wall_ns = base::wall_now()};
    shm::RingConsumer& events = link_->events();
    for (std::size_t i = 0; i < kEventsPerTurn && effects_.has_room(); ++i) {
        std::optional<controlplane::Input> input;
        {
            const Timed in_stage(TimedStage::Intake);
            input = intake_.next(events, trace_);
        }
        if (!input) {
            break;
        }
        {
            const Timed in_stage(TimedStage::Core);
            core_->step(*input, now);
        }
        const Timed in_stage(TimedStage::Intake);
        intake_.release(events);
    }
    constexpr auto kNever = std::numeric_limits<base::MonotonicNs>::max();
    if (core_->next_deadline().value_or(kNever) <= now.monotonic_ns && effects_.has_room()) {
        const Timed in_stage(TimedStage::Core);
        core_->step(controlplane::TimersInput{}, now);
    }
    const Timed in_stage(TimedStage::Effects);
    link_->commands().publish();
}

std::uint64_t SwitchNode::counter(shm::CounterId id) const {
    return node_->region().counter(id);
}

} // namespace tandem::bench
