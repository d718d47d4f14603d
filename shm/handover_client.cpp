// SPDX-License-Identifier: Apache-2.0
//
// The control plane's end of the hand-over: the machine drawn in the header, over a socket that
// never blocks.
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "shm/handover.hpp"
#include "shm/layout_table.hpp"

namespace tandem::shm {

namespace {

constexpr std::uint64_t kRetryNs = 100 * base::kNsPerMs;
constexpr std::uint64_t kRefusedRetryNs = base::kNsPerS;
constexpr std::uint64_t kSilenceNs = base::kNsPerS;
// While attached only the connection's end is awaited; the poll descriptor tells it.
constexpr std::uint64_t kAttachedLookNs = base::kNsPerS;

void close_if_open(int& fd) noexcept {
    if (fd >= 0) {
        ::close(std::exchange(fd, -1));
    }
}

struct Received {
    ssize_t bytes = -1;
    HandoverGreeting greeting;
    int region_fd = -1;
    int doorbell_fd = -1;
};

// Takes every descriptor that came, so that none leaks whatever the peer sent.
void take_descriptors(const msghdr& message, Received& received) noexcept {
    std::array<int*, 2> places = {&received.region_fd, &received.doorbell_fd};
    std::size_t taken = 0;
    for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
         head = CMSG_NXTHDR(const_cast<msghdr*>(&message), head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        const std::size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t at = 0; at < count; ++at) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(head) + at * sizeof fd, sizeof fd);
            if (taken < places.size()) {
                *places[taken++] = fd;
            } else {
                ::close(fd);
            }
        }
    }
}

Received receive_greeting(int fd) noexcept {
    Received received;
    iovec packet{.iov_base = &received.greeting, .iov_len = sizeof received.greeting};
    alignas(cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &packet;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    received.bytes = ::recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (received.bytes >= 0) {
        take_descriptors(message, received);
    }
    return received;
}

bool is_trusted(int fd) noexcept {
    ucred peer{};
    socklen_t peer_bytes = sizeof peer;
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_bytes) == 0 &&
           (peer.uid == ::geteuid() || peer.uid == 0);
}

template <typename... Args>
std::string_view
say(SentenceBuffer& buffer, fmt::format_string<Args...> format, const Args&... arguments) noexcept {
    const auto result = fmt::vformat_to_n(
        buffer.data(), buffer.size(), format, fmt::make_format_args(arguments...));
    return {buffer.data(), static_cast<std::size_t>(result.out - buffer.data())};
}

// Why a greeting is not to be accepted; empty when it is.
std::string_view find_objection(const Received& received, SentenceBuffer& buffer) noexcept {
    const HandoverGreeting& greeting = received.greeting;
    if (received.bytes != static_cast<ssize_t>(sizeof greeting) || greeting.magic != kRegionMagic) {
        return "what listens there is no dataplane";
    }
    if (greeting.version != kHandoverVersion) {
        return say(buffer,
                   "the dataplane speaks hand-over version {}, this process {}",
                   greeting.version,
                   kHandoverVersion);
    }
    switch (greeting.verdict) {
    case HandoverGreeting::Welcome:
        break;
    case HandoverGreeting::Occupied:
        return say(buffer, "a control plane is attached already (pid {})", greeting.occupant_pid);
    case HandoverGreeting::ForeignUser:
        return "the dataplane belongs to another user";
    default:
        return say(buffer, "the dataplane answered with verdict {}", greeting.verdict);
    }
    if (greeting.region_version >> 16U != kRegionMajor) {
        return sentence(AttachError{.refusal = AttachRefusal::OtherMajor,
                                    .found = greeting.region_version,
                                    .expected = region_version(kRegionMajor, kRegionMinor)},
                        buffer);
    }
    if (greeting.layout_hash != kLayoutHash) {
        return sentence(AttachError{.refusal = AttachRefusal::OtherLayout,
                                    .found = greeting.layout_hash,
                                    .expected = kLayoutHash},
                        buffer);
    }
    if (received.region_fd < 0 || received.doorbell_fd < 0) {
        return "the dataplane sent no region";
    }
    return {};
}

} // namespace

HandoverClient::HandoverClient(std::string_view path) noexcept : path_is_good_(path_.set(path)) {
    sentence_ = "not tried yet";
}

HandoverClient::~HandoverClient() {
    close_all();
}

void HandoverClient::close_all() noexcept {
    close_if_open(fd_);
    close_if_open(region_fd_);
    close_if_open(doorbell_fd_);
    dataplane_pid_ = 0;
}

void HandoverClient::enter(HandoverState state, base::MonotonicNs next_step_ns) noexcept {
    if (state == HandoverState::Absent || state == HandoverState::Refused) {
        close_all();
    }
    state_ = state;
    next_step_ns_ = next_step_ns;
}

HandoverState HandoverClient::step(base::MonotonicNs now) noexcept {
    if (!path_is_good_) {
        sentence_ = "the path of the hand-over socket is empty or longer than 107 bytes";
        enter(HandoverState::Refused, now + kRefusedRetryNs);
        return state_;
    }
    if (state_ == HandoverState::Refused && now >= next_step_ns_) {
        enter(HandoverState::Absent, now);
    }
    if (state_ == HandoverState::Absent && now >= next_step_ns_) {
        connect(now);
    }
    if (state_ == HandoverState::Connected) {
        read_greeting(now);
    } else if (state_ == HandoverState::Attached) {
        char packet = 0;
        const ssize_t got = ::recv(fd_, &packet, sizeof packet, MSG_DONTWAIT);
        if (got >= 0 || (errno != EAGAIN && errno != EINTR)) {
            sentence_ = "the dataplane went away";
            enter(HandoverState::Absent, now);
        } else {
            next_step_ns_ = now + kAttachedLookNs;
        }
    }
    return state_;
}

void HandoverClient::connect(base::MonotonicNs now) noexcept {
    fd_ = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const auto* address = reinterpret_cast<const sockaddr*>(&path_.address);
    if (fd_ < 0 || ::connect(fd_, address, sizeof path_.address) != 0) {
        sentence_ = errno == EACCES || errno == EPERM ? "access to the dataplane's socket is denied"
                                                      : "no dataplane is running";
        enter(HandoverState::Absent, now + kRetryNs);
        return;
    }
    if (!is_trusted(fd_)) {
        sentence_ = "the dataplane belongs to another user";
        enter(HandoverState::Refused, now + kRefusedRetryNs);
        return;
    }
    sentence_ = "the dataplane does not answer";
    enter(HandoverState::Connected, now + kSilenceNs);
}

void HandoverClient::read_greeting(base::MonotonicNs now) noexcept {
    Received received = receive_greeting(fd_);
    if (received.bytes < 0 && (errno == EAGAIN || errno == EINTR)) {
        if (now >= next_step_ns_) {
            enter(HandoverState::Absent, now + kRetryNs);
        }
        return;
    }
    if (received.bytes <= 0) {
        sentence_ = "the dataplane went away";
        enter(HandoverState::Absent, now + kRetryNs);
        return;
    }
    const std::string_view objection = find_objection(received, buffer_);
    if (!objection.empty()) {
        sentence_ = objection;
        close_if_open(received.region_fd);
        close_if_open(received.doorbell_fd);
        enter(HandoverState::Refused, now + kRefusedRetryNs);
        return;
    }
    region_fd_ = received.region_fd;
    doorbell_fd_ = received.doorbell_fd;
    dataplane_pid_ = static_cast<pid_t>(received.greeting.dataplane_pid);
    sentence_ = {};
    enter(HandoverState::Attached, now + kAttachedLookNs);
}

void HandoverClient::reject(base::MonotonicNs now) noexcept {
    sentence_ = "the dataplane's region is not acceptable";
    enter(HandoverState::Refused, now + kRefusedRetryNs);
}

} // namespace tandem::shm
