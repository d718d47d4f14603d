// SPDX-License-Identifier: Apache-2.0
//
// The loop of the control socket: one thread, poll(2), plain buffers. Each client costs at most one
// line of input and output_bytes_max of output, so that no client can harm the process or another.
#include "ctl/server.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

#include "base/monotonic_clock.hpp"
#include "ctl/dispatch.hpp"
#include "ctl/listen_socket.hpp"

namespace tandem::ctl {

namespace {

using Clock = base::MonotonicClock;

constexpr std::size_t kReadBytes = std::size_t{16} * 1024;

// Out of descriptors: the listener rests, because poll would report it again at once.
constexpr std::chrono::milliseconds kAcceptPause{100};

struct Client {
    Descriptor descriptor;
    Peer peer;
    std::string input;  // begins at the start of a line
    std::string output; // not yet taken by the peer
    Clock::time_point active_at;
    bool ends_after_output = false; // it sent its last line, or one that ended its trust
    bool is_over = false;

    [[nodiscard]] short wanted_events() const {
        const int reads = ends_after_output ? 0 : POLLIN;
        return static_cast<short>(output.empty() ? reads : reads | POLLOUT);
    }
};

Peer peer_of(int descriptor) {
    ucred credentials{};
    socklen_t bytes = sizeof credentials;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &bytes) != 0) {
        return {.user_id = ~0U, .may_write = false};
    }
    return {.user_id = credentials.uid,
            .may_write = credentials.uid == 0 || credentials.uid == ::geteuid()};
}

} // namespace

class Server::Loop {
  public:
    Loop(ServerOptions options, CommandTable table, std::string path, ListenSocket listener)
        : options_(std::move(options)), path_(std::move(path)), listener_(std::move(listener)),
          wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
          dispatcher_(
              options_.process,
              std::move(table),
              {.depth_max = options_.depth_max, .reply_bytes_max = options_.output_bytes_max}) {}

    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    ~Loop() {
        if (thread_.joinable()) {
            thread_.request_stop();
            const std::uint64_t one = 1;
            const ssize_t written = ::write(wake_.number(), &one, sizeof one);
            static_cast<void>(written);
            thread_.join();
        }
        remove_socket(listener_, path_);
    }

    // False when the process has no descriptor left for the loop.
    [[nodiscard]] bool start() {
        if (!wake_.is_open()) {
            return false;
        }
        thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
        return true;
    }

    [[nodiscard]] const std::string& path() const { return path_; }

    [[nodiscard]] ServerCounters counters() const {
        return {.clients_accepted = accepted_.load(std::memory_order_relaxed),
                .clients_refused = refused_.load(std::memory_order_relaxed),
                .clients_dropped = dropped_.load(std::memory_order_relaxed),
                .requests = requests_.load(std::memory_order_relaxed),
                .failures = failures_.load(std::memory_order_relaxed)};
    }

  private:
    void run(const std::stop_token& stop);
    void fill_polled();
    [[nodiscard]] int timeout_ms() const;
    void accept_clients();
    void accept_client(Descriptor descriptor);
    void serve(Client& client, short events);
    void read_from(Client& client);
    void take_lines(Client& client);
    void answer(Client& client, std::string_view line);
    void write_to(Client& client);
    void drop(Client& client, const char* reason);
    void drop_idle_clients();
    void report(const std::string& line) const;

    ServerOptions options_;
    std::string path_;
    ListenSocket listener_;
    Descriptor wake_;
    Dispatcher dispatcher_;
    std::vector<Client> clients_;
    std::vector<pollfd> polled_; // wake, listener, then the clients in their order
    Clock::time_point now_;
    Clock::time_point accept_again_at_;

    // Server's thread: rw, others: ro. They order nothing.
    std::atomic<std::uint64_t> accepted_{0};
    std::atomic<std::uint64_t> refused_{0};
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<std::uint64_t> requests_{0};
    std::atomic<std::uint64_t> failures_{0};

    std::jthread thread_; // last: it uses all of the above
};

void Server::Loop::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        now_ = Clock::now();
        fill_polled();
        if (::poll(polled_.data(), polled_.size(), timeout_ms()) < 0 && errno != EINTR) {
            report("control socket " + path_ + " ends: " + std::generic_category().message(errno));
            return;
        }
        now_ = Clock::now();
        // Clients that this round accepts have no entry in polled_ yet.
        for (std::size_t at = 2; at < polled_.size(); ++at) {
            serve(clients_[at - 2], polled_[at].revents);
        }
        drop_idle_clients();
        std::erase_if(clients_, [](const Client& client) { return client.is_over; });
        if ((polled_[1].revents & POLLIN) != 0) {
            accept_clients();
        }
    }
}

void Server::Loop::fill_polled() {
    polled_.clear();
    polled_.push_back({.fd = wake_.number(), .events = POLLIN, .revents = 0});
    const bool rests = now_ < accept_again_at_;
    polled_.push_back(
        {.fd = rests ? -1 : listener_.descriptor.number(), .events = POLLIN, .revents = 0});
    for (const auto& client : clients_) {
        polled_.push_back(
            {.fd = client.descriptor.number(), .events = client.wanted_events(), .revents = 0});
    }
}

int Server::Loop::timeout_ms() const {
    std::optional<Clock::time_point> next;
    if (now_ < accept_again_at_) {
        next = accept_again_at_;
    }
    for (const auto& client : clients_) {
        const auto idle_at = client.active_at + options_.idle_timeout;
        next = next ? std::min(*next, idle_at) : idle_at;
    }
    if (!next) {
        return -1;
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*next - now_);
    return static_cast<int>(std::max<std::int64_t>(0, wait.count()));
}

void Server::Loop::accept_clients() {
    for (;;) {
        Descriptor descriptor(::accept4(
            listener_.descriptor.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (descriptor.is_open()) {
            accept_client(std::move(descriptor));
            continue;
        }
        if (errno == EINTR || errno == ECONNABORTED) {
            continue;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            report("control socket: " + std::generic_category().message(errno));
            accept_again_at_ = now_ + kAcceptPause;
        }
        return;
    }
}

void Server::Loop::accept_client(Descriptor descriptor) {
    const auto peer = peer_of(descriptor.number());
    if (clients_.size() >= options_.clients_max) {
        refused_.fetch_add(1, std::memory_order_relaxed);
        report("control client of uid " + std::to_string(peer.user_id) +
               " refused: too many clients");
        const auto reply = Dispatcher::error_reply(
            FailureCode::Unavailable,
            "this socket serves " + std::to_string(options_.clients_max) + " clients already");
        const ssize_t sent = ::send(
            descriptor.number(), reply.line.data(), reply.line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        static_cast<void>(sent);
        return;
    }
    accepted_.fetch_add(1, std::memory_order_relaxed);
    Client client;
    client.descriptor = std::move(descriptor);
    client.peer = peer;
    client.active_at = now_;
    clients_.push_back(std::move(client));
}

void Server::Loop::serve(Client& client, short events) {
    if (events == 0) {
        return;
    }
    if ((events & POLLNVAL) != 0 || ((events & POLLERR) != 0 && (events & POLLIN) == 0)) {
        client.is_over = true;
        return;
    }
    if ((events & (POLLIN | POLLHUP)) != 0 && !client.ends_after_output) {
        read_from(client);
    }
    if (!client.is_over && !client.output.empty()) {
        write_to(client);
    }
    // A peer that hung up entirely takes no more output, and poll reports it for ever.
    if (client.ends_after_output && (client.output.empty() || (events & POLLHUP) != 0)) {
        client.is_over = true;
    }
}

void Server::Loop::read_from(Client& client) {
    std::array<char, kReadBytes> bytes{};
    const ssize_t count = ::recv(client.descriptor.number(), bytes.data(), bytes.size(), 0);
    if (count > 0) {
        client.input.append(bytes.data(), static_cast<std::size_t>(count));
        take_lines(client);
    } else if (count == 0) {
        // The peer may have closed only its sending half: what it asked is still answered.
        client.ends_after_output = true;
    } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        client.is_over = true;
    }
}

void Server::Loop::take_lines(Client& client) {
    std::size_t start = 0;
    while (!client.is_over && !client.ends_after_output) {
        const auto end = client.input.find('\n', start);
        const auto bytes = (end == std::string::npos ? client.input.size() : end) - start;
        if (bytes > options_.line_bytes_max) {
            client.output +=
                Dispatcher::error_reply(FailureCode::InvalidRequest,
                                        "a line has at most " +
                                            std::to_string(options_.line_bytes_max) + " bytes")
                    .line;
            client.ends_after_output = true;
            drop(client, "its line is too long");
            break;
        }
        if (end == std::string::npos) {
            break;
        }
        answer(client, std::string_view(client.input).substr(start, bytes));
        start = end + 1;
    }
    client.input.erase(0, start);
}

void Server::Loop::answer(Client& client, std::string_view line) {
    const auto reply = dispatcher_.reply_to(line, client.peer);
    requests_.fetch_add(1, std::memory_order_relaxed);
    if (reply.failed) {
        failures_.fetch_add(1, std::memory_order_relaxed);
    }
    if (reply.forbidden) {
        report("control client of uid " + std::to_string(client.peer.user_id) +
               " was refused a change");
    }
    client.active_at = Clock::now();
    if (client.output.size() + reply.line.size() > options_.output_bytes_max) {
        client.is_over = true;
        drop(client, "it does not read its answers");
        return;
    }
    client.output += reply.line;
}

void Server::Loop::write_to(Client& client) {
    const ssize_t count = ::send(client.descriptor.number(),
                                 client.output.data(),
                                 client.output.size(),
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
        client.output.erase(0, static_cast<std::size_t>(count));
        client.active_at = now_;
    } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        client.is_over = true;
    }
}

void Server::Loop::drop(Client& client, const char* reason) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    report("control client of uid " + std::to_string(client.peer.user_id) + " dropped: " + reason);
}

void Server::Loop::drop_idle_clients() {
    for (auto& client : clients_) {
        if (!client.is_over && now_ - client.active_at >= options_.idle_timeout) {
            client.is_over = true;
            drop(client, "it was idle too long");
        }
    }
}

void Server::Loop::report(const std::string& line) const {
    if (options_.log) {
        options_.log(line);
    }
}

base::Result<std::unique_ptr<Server>, std::string> Server::start(ServerOptions options,
                                                                 CommandTable table) {
    if (auto fault = fault_of(table)) {
        return base::Error{std::move(*fault)};
    }
    if (auto fault = make_directory(options.run_directory)) {
        return base::Error{std::move(*fault)};
    }
    const std::string place = options.run_directory + "/" + options.process;
    const std::string path = place + ".sock";
    auto listener = listen_on(options.run_directory, path);
    if (!listener) {
        return base::Error{listener.error()};
    }
    // From here on the loop owns the socket and removes it when the rest fails.
    const std::string commands = commands_json(options.process, table);
    auto loop =
        std::make_unique<Loop>(std::move(options), std::move(table), path, std::move(*listener));
    if (auto fault = write_file(place + ".commands.json", commands)) {
        return base::Error{std::move(*fault)};
    }
    if (!loop->start()) {
        return base::Error{path + ": no descriptor left for the control server"};
    }
    return std::unique_ptr<Server>(new Server(std::move(loop)));
}

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

Server::~Server() = default;

const std::string& Server::socket_path() const {
    return loop_->path();
}

ServerCounters Server::counters() const {
    return loop_->counters();
}

} // namespace tandem::ctl
