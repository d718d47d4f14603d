// SPDX-License-Identifier: Apache-2.0
//
// Start in the order of need, a cold loop around poll(2), and the end in reverse. Everything that
// may fail says one sentence and nothing stays behind. Main thread, and the start of the worker's.
#include "dataplane/process.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <poll.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <sched.h>
#include <string>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "base/log.hpp"
#include "ctl/server.hpp"
#include "dataplane/commands.hpp"
#include "dataplane/node.hpp"
#include "dataplane/port/carrier.hpp"
#include "dataplane/port/device.hpp"
#include "dataplane/port/eal.hpp"
#include "dataplane/port/ethdev_port.hpp"
#include "dataplane/port/packet_pool.hpp"
#include "dataplane/port/preflight.hpp"
#include "dataplane/run_lock.hpp"
#include "dataplane/seal.hpp"
#include "shm/handover.hpp"

namespace tandem::dataplane {

namespace {

namespace log = base::log;

// The beat of the main thread in shared memory, and of what has no descriptor to wait for.
constexpr int kTickMs = 100;

// A file descriptor that is closed with its owner.
class Descriptor {
  public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    ~Descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }

    [[nodiscard]] int get() const noexcept { return fd_; }

  private:
    int fd_;
};

// SIGINT and SIGTERM as a descriptor. Before any thread is started, so that all inherit the mask.
int block_signals() noexcept {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGINT);
    ::sigaddset(&set, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

class Process {
  public:
    Process(const config::Configuration& configuration, const ProcessOptions& options)
        : configuration_(configuration), options_(options) {}

    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    ~Process() { stop(); }

    // One sentence when something is missing.
    std::optional<std::string> start();
    void serve(int signal_fd);

  private:
    std::optional<std::string> start_ports();
    std::optional<std::string> open_ports(rte_mempool& pool);
    std::optional<std::string> start_node();
    std::optional<std::string> start_servers();
    void start_carrier_watch();
    void start_worker();
    void stop();

    void follow_carriers();
    void follow_driver_links();
    void set_link(std::size_t port, bool is_up);
    void follow_handover();
    void report_notices();

    const config::Configuration& configuration_;
    ProcessOptions options_;
    std::optional<RunLock> lock_;
    bool huge_pages_ = false;
    bool eal_is_up_ = false;
    rte_mempool* pool_ = nullptr;
    std::vector<std::unique_ptr<port::EthdevPort>> ports_;
    std::vector<std::unique_ptr<LinkState>> links_;
    std::unique_ptr<Node> node_;
    std::optional<shm::HandoverServer> handover_;
    CommandSources sources_;
    std::unique_ptr<ctl::Server> server_;
    std::optional<port::CarrierWatch> carriers_;
    std::atomic<bool> stop_worker_ = false;
    std::thread worker_;
};

std::optional<std::string> Process::start() {
    auto lock = RunLock::take(configuration_.application.run_directory);
    if (!lock) {
        return lock.error();
    }
    lock_.emplace(std::move(lock.value()));
    if (auto problem = port::missing(configuration_)) {
        return problem;
    }
    if (auto problem = start_ports()) {
        return problem;
    }
    if (auto problem = start_node()) {
        return problem;
    }
    if (auto problem = start_servers()) {
        return problem;
    }
    start_carrier_watch();
    start_worker();
    log::info("dataplane of node {} is up: epoch {}, {} port(s), packets in {} memory",
              configuration_.application.node,
              node_->region().info().dataplane_epoch,
              ports_.size(),
              huge_pages_ ? "huge page" : "plain");
    return std::nullopt;
}

std::optional<std::string> Process::start_ports() {
    if (configuration_.ports.size() > kPortsMax) {
        return fmt::format("{} ports are configured, one worker serves at most {}",
                           configuration_.ports.size(),
                           kPortsMax);
    }
    port::PoolConsumers consumers;
    consumers.ports = static_cast<std::uint32_t>(configuration_.ports.size());
    for (const config::Port& port : configuration_.ports) {
        consumers.rx_descriptors += port.rx_descriptors;
        consumers.tx_descriptors += port.tx_descriptors;
    }
    const std::uint32_t packets = port::packets_needed(consumers);
    const std::size_t bytes = port::pool_bytes(packets);
    const port::HugePageChoice choice = port::choose_huge_pages(
        configuration_.dataplane.hugepages, bytes, port::free_huge_page_bytes());
    if (choice.problem) {
        return choice.problem;
    }
    huge_pages_ = choice.use;
    if (auto problem = port::start_eal(port::eal_arguments(
            configuration_, {.huge_pages = huge_pages_, .packet_bytes = bytes}))) {
        return problem;
    }
    eal_is_up_ = true;
    pool_ = port::create_packet_pool("packets", packets);
    if (pool_ == nullptr) {
        return fmt::format("no memory for {} packet buffers ({} MiB)", packets, bytes >> 20U);
    }
    return open_ports(*pool_);
}

std::optional<std::string> Process::open_ports(rte_mempool& pool) {
    for (const config::Port& port : configuration_.ports) {
        auto opened = port::EthdevPort::open(port, pool);
        if (!opened) {
            return opened.error();
        }
        ports_.push_back(std::move(opened.value()));
        links_.push_back(std::make_unique<LinkState>());
        sources_.ports.push_back(ports_.back().get());
        sources_.links.push_back(links_.back().get());
    }
    return std::nullopt;
}

std::optional<std::string> Process::start_node() {
    const auto epoch = next_epoch(configuration_.application.run_directory, base::wall_now());
    if (!epoch) {
        return epoch.error();
    }
    NodeOptions options;
    options.configuration = &configuration_;
    options.epoch = epoch.value();
    options.seed = base::seed_from_system();
    options.pool = pool_;
    options.limits = layer_limits(configuration_.application);
    options.huge_pages = huge_pages_;
    for (const auto& port : ports_) {
        options.ports.push_back(port.get());
        options.macs.push_back(port->mac());
        options.mtus.push_back(port->mtu());
    }
    auto node = Node::build(options);
    if (!node) {
        return node.error();
    }
    node_ = std::move(node.value());
    return std::nullopt;
}

std::optional<std::string> Process::start_servers() {
    const std::string& directory = configuration_.application.run_directory;
    const std::string path = directory + "/" + std::string(shm::kHandoverSocketName);
    auto handover = shm::HandoverServer::listen(path, node_->region());
    if (!handover) {
        shm::SentenceBuffer buffer;
        return fmt::format("{}: {}", path, shm::sentence(handover.error(), buffer));
    }
    handover_.emplace(std::move(handover.value()));
    node_->set_doorbell(handover_->doorbell_fd());
    sources_.configuration = &configuration_;
    sources_.node = node_.get();
    sources_.pool = pool_;
    sources_.packets_on_huge_pages = huge_pages_;
    ctl::ServerOptions options;
    options.run_directory = directory;
    options.process = "dataplane";
    options.log = [](std::string_view line) { log::info("control socket: {}", line); };
    auto server = ctl::Server::start(std::move(options), make_commands(&sources_));
    if (!server) {
        return server.error();
    }
    server_ = std::move(server.value());
    return std::nullopt;
}

void Process::start_carrier_watch() {
    std::vector<std::string> interfaces;
    for (const config::Port& port : configuration_.ports) {
        if (std::string interface = port::kernel_interface(port); !interface.empty()) {
            interfaces.push_back(std::move(interface));
        }
    }
    if (interfaces.empty()) {
        return;
    }
    auto watch = port::CarrierWatch::open(std::move(interfaces));
    if (watch) {
        carriers_.emplace(std::move(watch.value()));
    } else {
        log::warning("no netlink, carriers are not watched: errno {}", watch.error());
    }
}

// The worker takes the lcore behind the main one when there is one; else it shares the CPUs of the
// main one, and may float over them.
void Process::start_worker() {
    worker_ = std::thread([this] {
        const unsigned next = rte_get_next_lcore(rte_get_main_lcore(), 1, 0);
        if (next < RTE_MAX_LCORE) {
            const rte_cpuset_t cpus = rte_lcore_cpuset(next);
            (void)rte_thread_set_affinity(const_cast<rte_cpuset_t*>(&cpus));
        }
        (void)::pthread_setname_np(::pthread_self(), "worker-0");
        (void)rte_thread_register(); // an id of its own, for the cache of the packet pool
        if (options_.seal) {
            seal_allocations();
        }
        node_->worker().run(stop_worker_);
        unseal_allocations();
        rte_thread_unregister();
    });
}

void Process::stop() {
    server_.reset();
    if (worker_.joinable()) {
        stop_worker_.store(true, std::memory_order_relaxed);
        worker_.join();
    }
    handover_.reset();
    node_.reset();
    ports_.clear();
    if (eal_is_up_) {
        (void)rte_eal_cleanup();
    }
}

void Process::set_link(std::size_t port, bool is_up) {
    if (links_[port]->is_up.load(std::memory_order_relaxed) == is_up) {
        return;
    }
    links_[port]->is_up.store(is_up, std::memory_order_relaxed);
    log::info("port {}: link is {}", configuration_.ports[port].name, is_up ? "up" : "down");
    if (is_up) {
        // Switches forgot us while the link was down.
        node_->port(port).link_ups.fetch_add(1, std::memory_order_relaxed);
    }
}

void Process::follow_carriers() {
    for (const port::CarrierChange& change : carriers_->changes()) {
        for (std::size_t i = 0; i < configuration_.ports.size(); ++i) {
            if (port::kernel_interface(configuration_.ports[i]) == change.interface) {
                set_link(i, change.is_up);
            }
        }
    }
}

void Process::follow_driver_links() {
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        const bool by_netlink =
            carriers_.has_value() && !port::kernel_interface(configuration_.ports[i]).empty();
        if (!by_netlink) {
            set_link(i, ports_[i]->is_link_up());
        }
    }
}

void Process::follow_handover() {
    for (;;) {
        const shm::HandoverEvent event = handover_->serve();
        switch (event.kind) {
        case shm::HandoverEvent::Kind::None:
            return;
        case shm::HandoverEvent::Kind::Attached:
            log::info("control plane {} was given the shared memory", event.pid);
            break;
        case shm::HandoverEvent::Kind::Lost:
            log::warning("control plane {} is gone: new requests get 503", event.pid);
            break;
        case shm::HandoverEvent::Kind::Refused:
            log::warning("process {} was refused the shared memory: {}",
                         event.pid,
                         event.other == 0 ? "foreign user" : "another control plane is attached");
            break;
        }
    }
}

void Process::report_notices() {
    node_->notices().board().poll(base::monotonic_now(),
                                  [](std::string_view text, std::uint64_t times) {
                                      log::warning("{} ({} times)", text, times);
                                  });
}

void Process::serve(int signal_fd) {
    std::array<pollfd, 3> waits = {
        pollfd{.fd = signal_fd, .events = POLLIN, .revents = 0},
        pollfd{.fd = handover_->poll_fd(), .events = POLLIN, .revents = 0},
        pollfd{.fd = carriers_ ? carriers_->poll_fd() : -1, .events = POLLIN, .revents = 0},
    };
    for (;;) {
        node_->region().dataplane_line().heartbeat_ns.store(base::monotonic_now(),
                                                            std::memory_order_relaxed);
        (void)::poll(waits.data(), waits.size(), kTickMs);
        if ((waits[0].revents & POLLIN) != 0) {
            log::info("told to end");
            return;
        }
        if ((waits[1].revents & POLLIN) != 0) {
            follow_handover();
        }
        if (carriers_ && (waits[2].revents & POLLIN) != 0) {
            follow_carriers();
        }
        follow_driver_links();
        report_notices();
    }
}

} // namespace

int run_process(const config::Configuration& configuration, const ProcessOptions& options) {
    // Both enumerations list the same levels in the same order.
    static_assert(static_cast<int>(config::LogLevel::Off) == static_cast<int>(log::Level::Off));
    log::start("dataplane", static_cast<log::Level>(configuration.application.log_level));
    const Descriptor signals(block_signals());
    Process process(configuration, options);
    if (const auto problem = process.start()) {
        fmt::print(stderr, "tandem-dataplane: {}\n", *problem);
        return 1;
    }
    process.serve(signals.get());
    return 0;
}

} // namespace tandem::dataplane
