// SPDX-License-Identifier: Apache-2.0
//
// Builds the node: sizes from the configuration, keys from the seed, then the parts in the order in
// which they need each other. Cold thread, at start; all memory of the worker is taken here.
#include "dataplane/node.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace tandem::dataplane {

namespace {

constexpr std::uint16_t kWorkers = 1;

IdleMode idle_mode(config::Idle idle) noexcept {
    return idle == config::Idle::Adaptive ? IdleMode::Adaptive : IdleMode::Poll;
}

shm::RegionOptions region_options(const NodeOptions& options, base::RandomStream& random) {
    const config::Application& application = options.configuration->application;
    shm::RegionOptions region;
    region.node = node_number(application.node);
    region.worker_count = kWorkers;
    region.dataplane_epoch = options.epoch;
    region.event_ring_bytes = application.event_ring_bytes;
    region.command_ring_bytes = application.command_ring_bytes;
    region.note_count = application.ladder_notes;
    region.limits.server_transactions = options.limits.server_transactions_max;
    region.limits.client_transactions = options.limits.client_slots_max;
    random.fill(std::as_writable_bytes(std::span(region.branch_key)));
    random.fill(std::as_writable_bytes(std::span(region.call_id_key)));
    region.try_huge_pages = options.huge_pages;
    return region;
}

} // namespace

std::uint8_t node_number(std::string_view node) noexcept {
    constexpr std::uint32_t kLettersMax = 32;
    if (node.size() == 1 && node[0] >= 'a' && node[0] <= 'z') {
        return static_cast<std::uint8_t>(node[0] - 'a' + 1);
    }
    std::uint32_t hash = 0x811c'9dc5; // FNV-1a
    for (const char c : node) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x0100'0193;
    }
    return static_cast<std::uint8_t>(kLettersMax + hash % (256 - kLettersMax));
}

// Buffers in proportion to the transactions, as the defaults of transaction::LayerLimits have them.
transaction::LayerLimits layer_limits(const config::Application& application) {
    const transaction::LayerLimits defaults;
    const std::uint32_t live = application.max_transactions;
    transaction::LayerLimits limits;
    limits.server_transactions_max = live;
    limits.client_transactions_max = live;
    limits.lingering_max = std::max(application.max_lingering_transactions, 2 * live + 1);
    // Half of the lingering ones are of requests we sent.
    limits.client_slots_max = std::max(2 * live, limits.lingering_max / 2);
    for (std::size_t i = 0; i < limits.buffers_max.size(); ++i) {
        const std::uint64_t scaled =
            std::uint64_t{defaults.buffers_max[i]} * live / defaults.server_transactions_max;
        limits.buffers_max[i] = static_cast<std::uint32_t>(std::max<std::uint64_t>(scaled, 16));
    }
    return limits;
}

base::Result<std::unique_ptr<Node>, std::string> Node::build(const NodeOptions& options) {
    base::RandomStream random(options.seed);
    auto region = shm::Region::create(region_options(options, random));
    if (!region) {
        shm::SentenceBuffer buffer;
        return base::Error{
            fmt::format("no shared memory: {}", shm::sentence(region.error(), buffer))};
    }
    std::unique_ptr<Node> node(new Node(std::move(region.value())));
    node->assemble(options);
    const base::SipHashKey hash_key = {.low = random.next_u64(), .high = random.next_u64()};
    const shm::RegionInfo& info = node->region_.info();
    node->layer_ = std::make_unique<transaction::Layer>(
        transaction::LayerOptions{
            .owner = {.epoch = options.epoch,
                      .node = node_number(options.configuration->application.node),
                      .worker = 0},
            .branch_key = info.branch_key,
            .hash_key = hash_key,
            .call_id_key = info.call_id_key,
            .limits = options.limits},
        *node->publisher_);
    node->state_->layer = node->layer_.get();
    return node;
}

void Node::assemble(const NodeOptions& options) {
    const config::Configuration& configuration = *options.configuration;
    state_ = std::make_unique<WorkerState>();
    for (std::size_t i = 0; i < configuration.ports.size(); ++i) {
        const config::Port& port = configuration.ports[i];
        ports_.push_back(
            std::make_unique<PortState>(PortOptions{.io = options.ports[i],
                                                    .mac = options.macs[i],
                                                    .subnet = {.address = port.address,
                                                               .prefix_length = port.prefix_length,
                                                               .gateway = port.gateway},
                                                    .held = vip::held_addresses(configuration, i),
                                                    .mtu = options.mtus[i]}));
        state_->ports.push_back(ports_.back().get());
    }
    state_->sip_port = configuration.application.sip_port;
    state_->pool = options.pool;
    state_->counters = region_.counter_block(0);
    state_->notices = &notices_;
    state_->trace.write_to(region_.worker_trace(0));
    link_ = std::make_unique<shm::WorkerLink>(region_, 0);
    set_doorbell(-1);
    drain_ = std::make_unique<Drain>(*state_, *link_, region_.command_ring(0));
    state_->drain = drain_.get();
    worker_ =
        std::make_unique<Worker>(*state_, link_.get(), idle_mode(configuration.dataplane.idle));
}

void Node::set_doorbell(int event_fd) noexcept {
    const PublisherOptions options = {.state = state_.get(),
                                      .link = link_.get(),
                                      .notes = shm::NoteWriter(region_.notes(0)),
                                      .doorbell_fd = event_fd};
    if (publisher_ == nullptr) {
        publisher_ = std::make_unique<Publisher>(options);
    } else {
        *publisher_ = Publisher(options);
    }
    state_->publisher = publisher_.get();
}

} // namespace tandem::dataplane
