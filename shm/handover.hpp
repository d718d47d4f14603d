// SPDX-License-Identifier: Apache-2.0
//
// How the region gets from the dataplane to the control plane: a Unix SOCK_SEQPACKET socket in the
// run directory, one greeting with two descriptors (the region's memfd, the core's doorbell), and
// then silence: the connection stays open so that each side learns of the other's death. One
// control plane at a time, of our own user or root. Cold threads only; nothing here blocks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <sys/types.h>
#include <sys/un.h>

#include "base/result.hpp"
#include "base/time.hpp"
#include "shm/region.hpp"

namespace tandem::shm {

// "<run directory>/shm.sock"
constexpr std::string_view kHandoverSocketName = "shm.sock";

// The first and only packet from the dataplane on each connection.
struct HandoverGreeting {
    enum Verdict : std::uint16_t {
        Welcome = 1, // two descriptors come with it
        Occupied = 2,
        ForeignUser = 3,
    };

    std::uint32_t magic = 0;   // kRegionMagic
    std::uint16_t version = 0; // kHandoverVersion
    std::uint16_t verdict = 0;
    std::uint32_t dataplane_pid = 0;
    std::uint32_t occupant_pid = 0; // with Occupied: the control plane that is attached
    std::uint32_t region_version = 0;
    std::uint32_t reserved = 0;
    std::uint64_t layout_hash = 0;
};

constexpr std::uint16_t kHandoverVersion = 1;
static_assert(sizeof(HandoverGreeting) == 32);

// A Unix socket address; paths are at most 107 bytes long.
struct SocketPath {
    sockaddr_un address{};

    // False when the path is empty or too long.
    [[nodiscard]] bool set(std::string_view path) noexcept;
};

struct HandoverEvent {
    enum class Kind : std::uint8_t {
        None,
        Attached, // a control plane was given the region
        Lost,     // it went away; the dataplane line says so already
        Refused,  // another one, or a foreign user, was turned away
    };

    Kind kind = Kind::None;
    pid_t pid = 0;   // of the peer
    pid_t other = 0; // Refused: of the control plane that is attached; 0: a foreign user
};

// The dataplane's end, on its main (cold) thread. Keeps DataplaneLine::controlplane_pid true.
class HandoverServer {
  public:
    // Listens at `path` (mode 0600), replacing a socket file nobody listens at. Error: a
    // CreateError of step "in use" when another dataplane listens there. The region must outlive
    // the server.
    [[nodiscard]] static base::Result<HandoverServer, CreateError>
    listen(std::string_view path, const Region& region) noexcept;
    ~HandoverServer();
    HandoverServer(HandoverServer&& other) noexcept;
    HandoverServer& operator=(HandoverServer&&) = delete;
    HandoverServer(const HandoverServer&) = delete;
    HandoverServer& operator=(const HandoverServer&) = delete;

    // Readable when serve() has something to do.
    [[nodiscard]] int poll_fd() const noexcept { return epoll_fd_; }

    // Does one thing that is due and tells it; call until Kind::None. Never blocks.
    [[nodiscard]] HandoverEvent serve() noexcept;

    // The eventfd that wakes the core: for RingProducer::ring_doorbell_if_asleep. Lives as long as
    // the server.
    [[nodiscard]] int doorbell_fd() const noexcept { return doorbell_fd_; }

    [[nodiscard]] pid_t controlplane_pid() const noexcept { return peer_pid_; }

  private:
    HandoverServer() noexcept = default;

    [[nodiscard]] bool peer_is_gone() const noexcept;
    [[nodiscard]] HandoverEvent lose_peer() noexcept;
    [[nodiscard]] HandoverEvent greet(int connection) noexcept;

    const Region* region_ = nullptr;
    SocketPath path_;
    int listen_fd_ = -1;
    int epoll_fd_ = -1;
    int doorbell_fd_ = -1;
    int peer_fd_ = -1;
    pid_t peer_pid_ = 0;
};

// The control plane's end.
//
//            connected               greeting with descriptors
//   Absent ────────────▶ Connected ──────────────────────────▶ Attached
//     ▲  retry each 100 ms  │ hang-up, silence for 1 s            │
//     ├─────────────────────┘                                     │ hang-up
//     │                     │ turned away, other version          │
//     │  retry each 1 s     ▼                                     │
//     ├───────────────── Refused                                  │
//     └───────────────────────────────────────────────────────────┘
//
//   state      event      → next
//   Absent     Connected    Connected
//   Absent     Nobody       Absent
//   Connected  Welcome      Attached
//   Connected  TurnedAway   Refused
//   Connected  HangUp       Absent
//   Connected  Silence      Absent
//   Refused    RetryDue     Absent
//   Attached   HangUp       Absent
enum class HandoverState : std::uint8_t { Absent, Connected, Refused, Attached };

class HandoverClient {
  public:
    // A path that does not fit a socket address keeps the client Refused for ever.
    explicit HandoverClient(std::string_view path) noexcept;
    ~HandoverClient();
    HandoverClient(const HandoverClient&) = delete;
    HandoverClient& operator=(const HandoverClient&) = delete;

    // Does what can be done now without waiting, and tells the state after it. Call when poll_fd()
    // is readable and at next_step_ns().
    HandoverState step(base::MonotonicNs now) noexcept;

    [[nodiscard]] HandoverState state() const noexcept { return state_; }

    // The connection, readable on news; -1 while there is none. Changes at each connect.
    [[nodiscard]] int poll_fd() const noexcept { return fd_; }

    // When step() wants to be called though nothing is readable.
    [[nodiscard]] base::MonotonicNs next_step_ns() const noexcept { return next_step_ns_; }

    // While Attached: for Region::attach(), for the core's sleep, and who sent them. Owned by the
    // client and closed when the state is left.
    [[nodiscard]] int region_fd() const noexcept { return region_fd_; }

    [[nodiscard]] int doorbell_fd() const noexcept { return doorbell_fd_; }

    [[nodiscard]] pid_t dataplane_pid() const noexcept { return dataplane_pid_; }

    // Gives up an attachment (the region was not acceptable) and tries again after a second.
    void reject(base::MonotonicNs now) noexcept;

    // Why there is no attachment, one sentence for logs and status; "" while Attached.
    [[nodiscard]] std::string_view sentence() const noexcept { return sentence_; }

  private:
    void connect(base::MonotonicNs now) noexcept;
    void read_greeting(base::MonotonicNs now) noexcept;
    void enter(HandoverState state, base::MonotonicNs next_step_ns) noexcept;
    void close_all() noexcept;

    SocketPath path_;
    bool path_is_good_ = false;
    HandoverState state_ = HandoverState::Absent;
    base::MonotonicNs next_step_ns_ = 0;
    int fd_ = -1;
    int region_fd_ = -1;
    int doorbell_fd_ = -1;
    pid_t dataplane_pid_ = 0;
    SentenceBuffer buffer_{};
    std::string_view sentence_;
};

} // namespace tandem::shm
