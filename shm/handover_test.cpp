// SPDX-License-Identifier: Apache-2.0
//
// The hand-over over real sockets: within one process for the rows of the machine, and between two
// (forked) for both orders of start, kill -9 of either, a second control plane and its refusal.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "gtest/gtest.h"

#include "shm/attach.hpp"
#include "shm/handover.hpp"

namespace tandem::shm {
namespace {

Region make_region() {
    return std::move(*Region::create({.dataplane_epoch = 1,
                                      .event_ring_bytes = kRingBytesMin,
                                      .command_ring_bytes = kRingBytesMin,
                                      .note_count = kNoteCountMin,
                                      .limits = {},
                                      .try_huge_pages = false}));
}

class HandoverTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "tandem-handover-XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
        path_ = directory_ + "/" + std::string(kHandoverSocketName);
    }

    void TearDown() override { std::filesystem::remove_all(directory_); }

    // The client's clock is ours: each step is one retry interval later.
    HandoverState step(HandoverClient& client) { return client.step(now_ += base::kNsPerS); }

    std::string directory_;
    std::string path_;
    base::MonotonicNs now_ = 1;
};

// Waits (without limit: the suite's own limit ends a hang) until the descriptor has news.
void wait_for(int fd) {
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&wanted, 1, -1), 1);
}

TEST_F(HandoverTest, GivesTheRegionAndTheDoorbell) {
    Region region = make_region();
    auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    HandoverClient client(path_);
    EXPECT_EQ(step(client), HandoverState::Connected);
    EXPECT_EQ(client.sentence(), "the dataplane does not answer");
    wait_for(server->poll_fd());
    const auto event = server->serve();
    EXPECT_EQ(event.kind, HandoverEvent::Kind::Attached);
    EXPECT_EQ(event.pid, ::getpid());
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::None);
    EXPECT_EQ(server->controlplane_pid(), ::getpid());
    EXPECT_EQ(region.dataplane_line().controlplane_pid.load(),
              static_cast<std::uint32_t>(::getpid()));
    wait_for(client.poll_fd());
    ASSERT_EQ(step(client), HandoverState::Attached);
    EXPECT_EQ(client.sentence(), "");
    EXPECT_EQ(client.dataplane_pid(), ::getpid());

    auto theirs = Region::attach(client.region_fd());
    ASSERT_TRUE(theirs);
    region.dataplane_line().heartbeat_ns.store(123);
    EXPECT_EQ(theirs->dataplane_line().heartbeat_ns.load(), 123U);
    const std::uint64_t one = 1;
    ASSERT_EQ(::write(server->doorbell_fd(), &one, sizeof one), 8);
    wait_for(client.doorbell_fd());
    EXPECT_EQ(step(client), HandoverState::Attached);
}

TEST_F(HandoverTest, SocketIsForItsUserOnlyAndIsRemovedAtTheEnd) {
    const Region region = make_region();
    {
        const auto server = HandoverServer::listen(path_, region);
        ASSERT_TRUE(server);

        struct stat file {};

        ASSERT_EQ(::stat(path_.c_str(), &file), 0);
        EXPECT_EQ(file.st_mode & 0777U, 0600U);
    }
    EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(HandoverTest, ClientWaitsForADataplaneThatIsNotThere) {
    HandoverClient client(path_);
    EXPECT_EQ(step(client), HandoverState::Absent);
    EXPECT_EQ(client.sentence(), "no dataplane is running");
    EXPECT_EQ(client.poll_fd(), -1);
    EXPECT_EQ(client.next_step_ns(), now_ + 100 * base::kNsPerMs);
    const auto next = client.next_step_ns();
    EXPECT_EQ(client.step(now_ + 1), HandoverState::Absent); // too early: nothing is tried
    EXPECT_EQ(client.next_step_ns(), next);
    const Region region = make_region();
    auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    EXPECT_EQ(step(client), HandoverState::Connected);
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::Attached);
    EXPECT_EQ(step(client), HandoverState::Attached);
}

TEST_F(HandoverTest, ClientGivesUpOnSilenceAndTriesAgain) {
    const Region region = make_region();
    auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    HandoverClient client(path_);
    ASSERT_EQ(client.step(now_), HandoverState::Connected);
    EXPECT_EQ(client.next_step_ns(), now_ + base::kNsPerS);
    EXPECT_EQ(client.step(now_ + base::kNsPerS - 1), HandoverState::Connected);
    EXPECT_EQ(client.step(now_ + base::kNsPerS), HandoverState::Absent);
    EXPECT_EQ(client.step(now_ + 2 * base::kNsPerS), HandoverState::Connected);
    // The first connection is dead already when it is served.
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::None);
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::Attached);
    EXPECT_EQ(client.step(now_ + 2 * base::kNsPerS), HandoverState::Attached);
}

TEST_F(HandoverTest, SecondControlPlaneIsRefusedWithTheReason) {
    const Region region = make_region();
    auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    auto first = std::make_unique<HandoverClient>(path_);
    step(*first);
    ASSERT_EQ(server->serve().kind, HandoverEvent::Kind::Attached);
    HandoverClient second(path_);
    EXPECT_EQ(step(second), HandoverState::Connected);
    const auto event = server->serve();
    EXPECT_EQ(event.kind, HandoverEvent::Kind::Refused);
    EXPECT_EQ(event.other, ::getpid());
    EXPECT_EQ(second.step(now_), HandoverState::Refused);
    EXPECT_EQ(second.sentence(),
              "a control plane is attached already (pid " + std::to_string(::getpid()) + ")");
    EXPECT_EQ(second.next_step_ns(), now_ + base::kNsPerS);
    EXPECT_EQ(second.step(now_ + base::kNsPerS - 1), HandoverState::Refused);
    first.reset();
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::Lost);
    EXPECT_EQ(region.dataplane_line().controlplane_pid.load(), 0U);
    EXPECT_EQ(region.dataplane_line().controlplane_lost.load(), 1U);
    EXPECT_EQ(step(second), HandoverState::Connected);
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::Attached);
    EXPECT_EQ(step(second), HandoverState::Attached);
}

TEST_F(HandoverTest, ADeadOneDoesNotKeepItsPlace) {
    const Region region = make_region();
    auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    auto first = std::make_unique<HandoverClient>(path_);
    step(*first);
    ASSERT_EQ(server->serve().kind, HandoverEvent::Kind::Attached);
    first.reset(); // both pieces of news wait at once
    HandoverClient second(path_);
    step(second);
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::Lost);
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::Attached);
    EXPECT_EQ(step(second), HandoverState::Attached);
}

// Else a worker could find the request of somebody who is not alive (attach_schedules_test.cpp).
TEST_F(HandoverTest, WhoHasTheRegionIsToldToLive) {
    Region region = make_region();
    auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    std::uint32_t told = 0;
    std::thread controlplane([&] {
        HandoverClient client(path_);
        while (client.step(now_) != HandoverState::Attached) {
            std::this_thread::yield();
        }
        told = region.dataplane_line().controlplane_pid.load();
    });
    while (server->serve().kind != HandoverEvent::Kind::Attached) {
        std::this_thread::yield();
    }
    controlplane.join();
    EXPECT_EQ(told, static_cast<std::uint32_t>(::getpid()));
}

TEST_F(HandoverTest, WhoIsGoneBeforeTheGreetingIsNotToldToLive) {
    Region region = make_region();
    auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    {
        HandoverClient client(path_);
        EXPECT_EQ(step(client), HandoverState::Connected);
    }
    wait_for(server->poll_fd());
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::None);
    EXPECT_EQ(region.dataplane_line().controlplane_pid.load(), 0U);
    EXPECT_EQ(server->controlplane_pid(), 0);
}

TEST_F(HandoverTest, RejectedRegionIsAskedForAgainLater) {
    const Region region = make_region();
    auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    HandoverClient client(path_);
    step(client);
    static_cast<void>(server->serve());
    ASSERT_EQ(step(client), HandoverState::Attached);
    client.reject(now_);
    EXPECT_EQ(client.state(), HandoverState::Refused);
    EXPECT_EQ(client.region_fd(), -1);
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::Lost);
    EXPECT_EQ(step(client), HandoverState::Connected);
}

TEST_F(HandoverTest, StaleSocketFileIsReplacedAndALiveOneIsNot) {
    const Region region = make_region();
    {
        SocketPath stale;
        ASSERT_TRUE(stale.set(path_));
        const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET, 0);
        ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&stale.address), sizeof stale.address), 0);
        ::close(fd); // the file stays
    }
    ASSERT_TRUE(std::filesystem::exists(path_));
    const auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    const auto other = HandoverServer::listen(path_, region);
    ASSERT_FALSE(other);
    EXPECT_STREQ(other.error().step, "in use");
    EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(HandoverTest, BadPathsAreErrors) {
    const Region region = make_region();
    EXPECT_STREQ(HandoverServer::listen(std::string(200, 'x'), region).error().step, "socket path");
    EXPECT_STREQ(HandoverServer::listen(directory_ + "/no/such", region).error().step, "bind");
    HandoverClient client(std::string(200, 'x'));
    EXPECT_EQ(step(client), HandoverState::Refused);
    EXPECT_NE(client.sentence().find("longer than 107"), std::string_view::npos);
}

// A dataplane of another make: sends whatever greeting the test wants.
class OddDataplane {
  public:
    explicit OddDataplane(const std::string& path) {
        EXPECT_TRUE(path_.set(path));
        fd_ = ::socket(AF_UNIX, SOCK_SEQPACKET, 0);
        EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&path_.address), sizeof path_.address),
                  0);
        EXPECT_EQ(::listen(fd_, 4), 0);
    }

    ~OddDataplane() { ::close(fd_); }

    OddDataplane(const OddDataplane&) = delete;
    OddDataplane& operator=(const OddDataplane&) = delete;

    void send(const void* bytes, std::size_t length) const {
        const int connection = ::accept(fd_, nullptr, nullptr);
        ASSERT_GE(connection, 0);
        EXPECT_EQ(::send(connection, bytes, length, MSG_NOSIGNAL), static_cast<ssize_t>(length));
        ::close(connection);
    }

  private:
    SocketPath path_;
    int fd_ = -1;
};

struct OddGreeting {
    const char* sentence;
    void (*apply)(HandoverGreeting&);
};

class HandoverOddGreeting : public HandoverTest, public testing::WithParamInterface<OddGreeting> {};

TEST_P(HandoverOddGreeting, IsRefusedWithASentence) {
    const Region region = make_region();
    const OddDataplane dataplane(path_);
    HandoverClient client(path_);
    ASSERT_EQ(step(client), HandoverState::Connected);
    HandoverGreeting greeting{.magic = kRegionMagic,
                              .version = kHandoverVersion,
                              .verdict = HandoverGreeting::Welcome,
                              .dataplane_pid = 1,
                              .occupant_pid = 0,
                              .region_version = region_version(kRegionMajor, kRegionMinor),
                              .reserved = 0,
                              .layout_hash = region.info().layout_hash};
    GetParam().apply(greeting);
    dataplane.send(&greeting, sizeof greeting);
    EXPECT_EQ(client.step(now_), HandoverState::Refused);
    EXPECT_NE(client.sentence().find(GetParam().sentence), std::string_view::npos)
        << client.sentence();
}

using G = HandoverGreeting&;

INSTANTIATE_TEST_SUITE_P(
    Kinds,
    HandoverOddGreeting,
    testing::Values(OddGreeting{"is no dataplane", [](G g) { g.magic = 1; }},
                    OddGreeting{"hand-over version 9, this process 1", [](G g) { g.version = 9; }},
                    OddGreeting{"attached already (pid 42)",
                                [](G g) {
                                    g.verdict = HandoverGreeting::Occupied;
                                    g.occupant_pid = 42;
                                }},
                    OddGreeting{"belongs to another user",
                                [](G g) { g.verdict = HandoverGreeting::ForeignUser; }},
                    OddGreeting{"verdict 77", [](G g) { g.verdict = 77; }},
                    OddGreeting{"has version 2.1, this process needs 1.0",
                                [](G g) { g.region_version = region_version(2, 1); }},
                    OddGreeting{"of one build", [](G g) { g.layout_hash = 1; }},
                    OddGreeting{"sent no region", [](G) {}}));

TEST_F(HandoverTest, ShortGreetingAndHangUpAreSurvived) {
    const OddDataplane dataplane(path_);
    HandoverClient client(path_);
    ASSERT_EQ(step(client), HandoverState::Connected);
    dataplane.send("hello", 5);
    EXPECT_EQ(step(client), HandoverState::Refused);
    EXPECT_EQ(client.sentence(), "what listens there is no dataplane");
    ASSERT_EQ(step(client), HandoverState::Connected);
    dataplane.send("", 0);
    EXPECT_EQ(step(client), HandoverState::Absent);
    EXPECT_EQ(client.sentence(), "the dataplane went away");
}

TEST_F(HandoverTest, APeerThatTalksIsDropped) {
    const Region region = make_region();
    auto server = HandoverServer::listen(path_, region);
    ASSERT_TRUE(server);
    HandoverClient client(path_);
    step(client);
    static_cast<void>(server->serve());
    ASSERT_EQ(step(client), HandoverState::Attached);
    ASSERT_EQ(::send(client.poll_fd(), "x", 1, MSG_NOSIGNAL), 1);
    EXPECT_EQ(server->serve().kind, HandoverEvent::Kind::Lost);
}

// Two processes

// A forked process that runs until it is killed; the pipe tells when it got somewhere.
class Child {
  public:
    template <typename Body>
    explicit Child(Body body) {
        EXPECT_EQ(::pipe(pipe_.data()), 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(pipe_[0]);
            body(pipe_[1]);
            ::_exit(0);
        }
        ::close(pipe_[1]);
        EXPECT_GT(pid_, 0);
    }

    ~Child() {
        if (pid_ > 0) {
            kill_hard();
        }
        ::close(pipe_[0]);
    }

    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // Blocks until the child says a character; 0 when it ended without.
    [[nodiscard]] char hear() const {
        char said = 0;
        return ::read(pipe_[0], &said, 1) == 1 ? said : '\0';
    }

    void kill_hard() {
        ASSERT_GT(pid_, 0); // -1 would mean every process there is
        ::kill(pid_, SIGKILL);
        int status = 0;
        EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
        pid_ = 0;
    }

    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    std::array<int, 2> pipe_{};
    pid_t pid_ = 0;
};

void say(int pipe, char what) {
    static_cast<void>(::write(pipe, &what, 1));
}

void echo_commands(WorkerLink& link) {
    while (const auto record = link.commands().peek()) {
        if (std::byte* at = link.events().claim(record->type, record->payload.size())) {
            std::memcpy(at, record->payload.data(), record->payload.size());
            link.events().commit(record->payload.size());
        }
        link.commands().release();
    }
    link.events().publish();
}

// A dataplane with one worker in one loop: serves, echoes each command as an event. Says 'l' when
// it listens.
[[noreturn]] void run_dataplane(const std::string& path, int pipe) {
    const Region region = make_region();
    auto server = HandoverServer::listen(path, region);
    if (!server) {
        ::_exit(1);
    }
    say(pipe, 'l');
    WorkerLink link(region, 0);
    for (;;) {
        while (server->serve().kind != HandoverEvent::Kind::None) {
        }
        static_cast<void>(link.poll());
        if (link.is_open()) {
            echo_commands(link);
            link.events().ring_doorbell_if_asleep(server->doorbell_fd());
        }
        ::usleep(100);
    }
}

// Attaches and asks the dataplane to echo one record; false when it went away meanwhile.
bool attach_and_echo(HandoverClient& client) {
    const auto step_now = [&] { return client.step(base::monotonic_now()); };
    while (step_now() != HandoverState::Attached) {
        ::usleep(1000);
    }
    auto region = Region::attach(client.region_fd());
    if (!region) {
        return false;
    }
    CoreLink link(*region, 0);
    bool asked = false;
    while (step_now() == HandoverState::Attached) {
        static_cast<void>(link.poll());
        if (link.is_open() && !asked) {
            asked = link.commands().claim(3, 8) != nullptr;
            link.commands().commit(8);
            link.commands().publish();
        }
        if (link.is_open() && link.events().peek()) {
            const bool right = link.events().peek()->type == 3;
            link.events().release();
            return right;
        }
        ::usleep(100);
    }
    return false;
}

// Says 'e' after each successful echo, then waits for the dataplane's death, for ever.
[[noreturn]] void run_controlplane(const std::string& path, int pipe) {
    HandoverClient client(path);
    for (;;) {
        say(pipe, attach_and_echo(client) ? 'e' : 'x');
        while (client.step(base::monotonic_now()) == HandoverState::Attached) {
            ::usleep(1000);
        }
        say(pipe, 'd');
    }
}

TEST_F(HandoverTest, DataplaneFirst) {
    const Child dataplane([&](int pipe) { run_dataplane(path_, pipe); });
    ASSERT_EQ(dataplane.hear(), 'l');
    const Child controlplane([&](int pipe) { run_controlplane(path_, pipe); });
    EXPECT_EQ(controlplane.hear(), 'e');
}

TEST_F(HandoverTest, ControlPlaneFirst) {
    const Child controlplane([&](int pipe) { run_controlplane(path_, pipe); });
    const Child dataplane([&](int pipe) { run_dataplane(path_, pipe); });
    EXPECT_EQ(controlplane.hear(), 'e');
}

TEST_F(HandoverTest, KilledControlPlaneReturnsToTheOldRegion) {
    const Child dataplane([&](int pipe) { run_dataplane(path_, pipe); });
    ASSERT_EQ(dataplane.hear(), 'l');
    for (int life = 0; life < 3; ++life) {
        Child controlplane([&](int pipe) { run_controlplane(path_, pipe); });
        ASSERT_EQ(controlplane.hear(), 'e');
        controlplane.kill_hard();
    }
    HandoverClient client(path_);
    EXPECT_TRUE(attach_and_echo(client));
    EXPECT_EQ(client.dataplane_pid(), dataplane.pid());
    const auto region = Region::attach(client.region_fd());
    ASSERT_TRUE(region);
    EXPECT_EQ(region->dataplane_line().controlplane_lost.load(), 3U);
}

TEST_F(HandoverTest, KilledDataplaneIsNoticedAndANewOneIsANewRegion) {
    const Child controlplane([&](int pipe) { run_controlplane(path_, pipe); });
    for (int life = 0; life < 3; ++life) {
        Child dataplane([&](int pipe) { run_dataplane(path_, pipe); });
        ASSERT_EQ(dataplane.hear(), 'l'); // over the file its predecessor left
        ASSERT_EQ(controlplane.hear(), 'e');
        dataplane.kill_hard();
        ASSERT_EQ(controlplane.hear(), 'd');
    }
}

TEST_F(HandoverTest, SecondProcessIsToldWhoIsAttached) {
    const Child dataplane([&](int pipe) { run_dataplane(path_, pipe); });
    ASSERT_EQ(dataplane.hear(), 'l');
    const Child controlplane([&](int pipe) { run_controlplane(path_, pipe); });
    ASSERT_EQ(controlplane.hear(), 'e');
    HandoverClient second(path_);
    while (second.step(base::monotonic_now()) != HandoverState::Refused) {
        ASSERT_NE(second.state(), HandoverState::Attached);
        ::usleep(1000);
    }
    EXPECT_EQ(second.sentence(),
              "a control plane is attached already (pid " + std::to_string(controlplane.pid()) +
                  ")");
}

} // namespace
} // namespace tandem::shm
