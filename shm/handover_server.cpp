// SPDX-License-Identifier: Apache-2.0
//
// The dataplane's end of the hand-over. One epoll descriptor stands for the listening socket and
// the connection of the attached control plane; each serve() does one thing that is due.
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "shm/handover.hpp"

namespace tandem::shm {

namespace {

constexpr int kSocketType = SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK;

void close_if_open(int& fd) noexcept {
    if (fd >= 0) {
        ::close(std::exchange(fd, -1));
    }
}

const sockaddr* generic(const SocketPath& path) noexcept {
    return reinterpret_cast<const sockaddr*>(&path.address);
}

base::Error<CreateError> failed(const char* step) noexcept {
    return base::Error{CreateError{.step = step, .error_number = errno}};
}

// Does somebody listen at the path? A file that is left of a dead process refuses connections.
bool is_in_use(const SocketPath& path) noexcept {
    const int fd = ::socket(AF_UNIX, kSocketType, 0);
    const bool in_use =
        fd >= 0 && (::connect(fd, generic(path), sizeof path.address) == 0 || errno == EAGAIN);
    if (fd >= 0) {
        ::close(fd);
    }
    return in_use;
}

bool watch(int epoll_fd, int fd) noexcept {
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLRDHUP;
    wanted.data.fd = fd;
    return ::epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &wanted) == 0;
}

// Sends the greeting, with the descriptors (if any) beside it. False when the peer is gone.
bool send_greeting(int connection,
                   const HandoverGreeting& greeting,
                   const std::array<int, 2>* descriptors) noexcept {
    iovec packet{.iov_base = const_cast<HandoverGreeting*>(&greeting), .iov_len = sizeof greeting};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(std::array<int, 2>))] = {};
    msghdr message{};
    message.msg_iov = &packet;
    message.msg_iovlen = 1;
    if (descriptors != nullptr) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof *descriptors);
        std::memcpy(CMSG_DATA(head), descriptors->data(), sizeof *descriptors);
    }
    return ::sendmsg(connection, &message, MSG_NOSIGNAL | MSG_DONTWAIT) ==
           static_cast<ssize_t>(sizeof greeting);
}

} // namespace

bool SocketPath::set(std::string_view path) noexcept {
    if (path.empty() || path.size() >= sizeof address.sun_path) {
        return false;
    }
    address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    return true;
}

base::Result<HandoverServer, CreateError> HandoverServer::listen(std::string_view path,
                                                                 const Region& region) noexcept {
    HandoverServer server;
    server.region_ = &region;
    SocketPath wanted;
    if (!wanted.set(path)) {
        return base::Error{CreateError{.step = "socket path", .error_number = ENAMETOOLONG}};
    }
    if (is_in_use(wanted)) {
        return base::Error{CreateError{.step = "in use", .error_number = EADDRINUSE}};
    }
    server.doorbell_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server.epoll_fd_ = ::epoll_create1(EPOLL_CLOEXEC);
    server.listen_fd_ = ::socket(AF_UNIX, kSocketType, 0);
    if (server.doorbell_fd_ < 0 || server.epoll_fd_ < 0 || server.listen_fd_ < 0) {
        return failed("socket");
    }
    ::unlink(wanted.address.sun_path);
    if (::bind(server.listen_fd_, generic(wanted), sizeof wanted.address) != 0) {
        return failed("bind");
    }
    server.path_ = wanted; // from here on the file is ours to remove
    if (::chmod(wanted.address.sun_path, S_IRUSR | S_IWUSR) != 0 ||
        ::listen(server.listen_fd_, 8) != 0 || !watch(server.epoll_fd_, server.listen_fd_)) {
        return failed("listen");
    }
    return server;
}

HandoverServer::~HandoverServer() {
    if (path_.address.sun_family == AF_UNIX) {
        ::unlink(path_.address.sun_path);
    }
    close_if_open(peer_fd_);
    close_if_open(listen_fd_);
    close_if_open(epoll_fd_);
    close_if_open(doorbell_fd_);
}

HandoverServer::HandoverServer(HandoverServer&& other) noexcept
    : region_(other.region_), path_(std::exchange(other.path_, {})),
      listen_fd_(std::exchange(other.listen_fd_, -1)),
      epoll_fd_(std::exchange(other.epoll_fd_, -1)),
      doorbell_fd_(std::exchange(other.doorbell_fd_, -1)),
      peer_fd_(std::exchange(other.peer_fd_, -1)), peer_pid_(std::exchange(other.peer_pid_, 0)) {}

bool HandoverServer::peer_is_gone() const noexcept {
    char packet = 0;
    const ssize_t got = ::recv(peer_fd_, &packet, sizeof packet, MSG_DONTWAIT);
    // A control plane has nothing to say: whatever is not silence ends the connection.
    return got >= 0 || (errno != EAGAIN && errno != EINTR);
}

HandoverEvent HandoverServer::lose_peer() noexcept {
    close_if_open(peer_fd_); // leaves the epoll set by itself
    DataplaneLine& line = region_->dataplane_line();
    line.controlplane_lost.store(line.controlplane_lost.load(std::memory_order_relaxed) + 1,
                                 std::memory_order_relaxed);
    // Release: pairs with the worker's acquire in WorkerLink::poll().
    line.controlplane_pid.store(0, std::memory_order_release);
    return {.kind = HandoverEvent::Kind::Lost, .pid = std::exchange(peer_pid_, 0), .other = 0};
}

HandoverEvent HandoverServer::greet(int connection) noexcept {
    ucred peer{};
    socklen_t peer_bytes = sizeof peer;
    const bool known = ::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &peer_bytes) == 0 &&
                       (peer.uid == ::geteuid() || peer.uid == 0);
    HandoverGreeting greeting{.magic = kRegionMagic,
                              .version = kHandoverVersion,
                              .verdict = HandoverGreeting::Welcome,
                              .dataplane_pid = static_cast<std::uint32_t>(::getpid()),
                              .occupant_pid = static_cast<std::uint32_t>(peer_pid_),
                              .region_version =
                                  region_version(region_->info().major, region_->info().minor),
                              .reserved = 0,
                              .layout_hash = region_->info().layout_hash};
    if (!known || peer_fd_ >= 0) {
        greeting.verdict = known ? HandoverGreeting::Occupied : HandoverGreeting::ForeignUser;
        static_cast<void>(send_greeting(connection, greeting, nullptr));
        ::close(connection);
        return {
            .kind = HandoverEvent::Kind::Refused, .pid = peer.pid, .other = known ? peer_pid_ : 0};
    }
    const std::array<int, 2> descriptors = {region_->fd(), doorbell_fd_};
    // Release: pairs with the worker's acquire in WorkerLink::poll(). Told before the peer can ask
    // for an attachment: a worker that found its request, and then nobody alive, would withdraw
    // the grant and never look at that request again (shm/attach_schedules_test.cpp).
    auto& told_pid = region_->dataplane_line().controlplane_pid;
    told_pid.store(static_cast<std::uint32_t>(peer.pid), std::memory_order_release);
    if (!watch(epoll_fd_, connection) || !send_greeting(connection, greeting, &descriptors)) {
        told_pid.store(0, std::memory_order_release);
        ::close(connection);
        return {};
    }
    peer_fd_ = connection;
    peer_pid_ = peer.pid;
    return {.kind = HandoverEvent::Kind::Attached, .pid = peer.pid, .other = 0};
}

HandoverEvent HandoverServer::serve() noexcept {
    // The old one first: its place may be wanted by the connection that waits.
    if (peer_fd_ >= 0 && peer_is_gone()) {
        return lose_peer();
    }
    const int connection = ::accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    return connection >= 0 ? greet(connection) : HandoverEvent{};
}

} // namespace tandem::shm
