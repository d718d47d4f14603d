// SPDX-License-Identifier: Apache-2.0
//
// Builds the node of the tests: 10.77.0.1 and the VIP 10.77.0.10 on one port, gateway 10.77.0.254,
// small pools.
#include "test_node.hpp"

#include <gtest/gtest.h>
#include <rte_errno.h>
#include <stdexcept>

#include "dataplane/port/eal.hpp"
#include "dataplane/port/packet_pool.hpp"

namespace tandem::replay {

namespace {

constexpr std::uint32_t kPackets = 2'048;
constexpr ha::MacAddress kNodeMacBytes = {2, 0, 0, 0, 0, 1};
constexpr ha::MacAddress kPhoneMacBytes = {2, 0, 0, 0, 0, 0x64};
constexpr std::uint32_t kEpoch = 0x5eed'0001;

base::Ipv4Address address(std::string_view text) {
    const auto parsed = base::parse_ipv4(text);
    if (!parsed) {
        throw std::runtime_error("no address: " + std::string(text));
    }
    return *parsed;
}

config::Configuration configuration_of(const TestNodeOptions& options) {
    config::Configuration configuration;
    configuration.application.node = "a";
    configuration.application.sip_address = address("10.77.0.10");
    configuration.application.event_ring_bytes = 1U << 20U;
    configuration.application.command_ring_bytes = 1U << 20U;
    configuration.application.ladder_notes = 1'024;
    configuration.dataplane.idle = options.idle;
    config::Port port;
    port.name = "sip0";
    port.device = "memory";
    port.address = address("10.77.0.1");
    port.prefix_length = 24;
    port.gateway = address("10.77.0.254");
    port.mtu = options.mtu;
    configuration.ports.push_back(port);
    return configuration;
}

transaction::LayerLimits limits_of(const TestNodeOptions& options) {
    transaction::LayerLimits limits;
    limits.server_transactions_max = options.server_transactions;
    limits.client_slots_max = 512;
    limits.client_transactions_max = 128;
    limits.lingering_max = 1'024;
    limits.forks_max = 16;
    limits.refusals_max = 64;
    limits.buffers_max = {512, 512, 256, 16, 4};
    return limits;
}

} // namespace

rte_mempool& packet_pool() {
    // NOLINTNEXTLINE(*-avoid-non-const-global-variables,*-identifier-naming): one EAL per process
    static rte_mempool* const pool = [] {
        const std::vector<std::string> arguments = {"replay",
                                                    "--no-huge",
                                                    "--no-pci",
                                                    "--no-shconf",
                                                    "--no-telemetry",
                                                    "--log-level=lib.*:warning",
                                                    "--iova-mode=va",
                                                    "-m",
                                                    "96"};
        if (const auto problem = dataplane::port::start_eal(arguments)) {
            throw std::runtime_error(*problem);
        }
        rte_mempool* const made = dataplane::port::create_packet_pool("test", kPackets);
        if (made == nullptr) {
            throw std::runtime_error(rte_strerror(rte_errno));
        }
        return made;
    }();
    return *pool;
}

TestNode::TestNode(const TestNodeOptions& options)
    : configuration_(configuration_of(options)),
      port_(std::make_unique<MemoryPort>(packet_pool())) {
    dataplane::NodeOptions node;
    node.configuration = &configuration_;
    node.epoch = kEpoch;
    node.seed.fill(7);
    node.pool = &packet_pool();
    node.ports = {port_.get()};
    node.macs = {kNodeMacBytes};
    node.mtus = {options.mtu};
    node.limits = limits_of(options);
    auto built = dataplane::Node::build(node);
    if (!built) {
        throw std::runtime_error(built.error());
    }
    node_ = std::move(built.value());
    if (!options.announces) {
        node_->port(0).link_ups.store(0);
    }
}

void TestNode::teach_neighbour(std::string_view text, base::MonotonicNs now) {
    ha::NeighbourTable& neighbours = node_->port(0).neighbours;
    ha::ArpPacket packet = {.operation = ha::ArpOperation::Request,
                            .sender_mac = kPhoneMacBytes,
                            .sender = address(text),
                            .target_mac = kNodeMacBytes,
                            .target = address("10.77.0.1")};
    neighbours.learn(packet, ha::ArpVerdict::Answer, now);
    neighbours.learn(packet, ha::ArpVerdict::LearnReply, now);
}

void TestNode::attach_core(base::MonotonicNs now) {
    constexpr int kBurstsMax = 8;
    node_->region().dataplane_line().controlplane_pid.store(1);
    core_ = std::make_unique<shm::CoreLink>(node_->region(), 0);
    for (int i = 0; i < kBurstsMax && !(core_->is_open() && node_->link().is_open()); ++i) {
        (void)core_->poll();
        burst(now);
    }
    if (!core_->is_open()) {
        throw std::runtime_error("the core did not get attached");
    }
}

void TestNode::kill_core(base::MonotonicNs now) {
    core_.reset();
    node_->region().dataplane_line().controlplane_pid.store(0);
    burst(now);
}

std::uint64_t TestNode::counter(std::string_view name) {
    const auto id = shm::find_counter(name);
    EXPECT_TRUE(id.has_value()) << "no counter " << name;
    return id ? node_->region().counter(*id) : 0;
}

} // namespace tandem::replay
