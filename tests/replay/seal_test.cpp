// SPDX-License-Identifier: Apache-2.0
//
// Proves that a worker neither allocates nor makes system calls per packet: the loop runs sealed,
// over a port in memory, with everything a case may meet. Each proof is a child process that the
// seal would kill; a child that breaks the seal on purpose shows that it holds.
#include <array>
#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "dataplane/seal.hpp"
#include "frame_text.hpp"
#include "shm/trace.hpp"
#include "shm/write_record.hpp"
#include "test_node.hpp"

namespace tandem::replay {
namespace {

constexpr base::MonotonicNs kStart = 1'000 * base::kNsPerS;
constexpr int kRounds = 200;
constexpr int kCallRounds = 16;
constexpr int kRequestsPerRound = 7; // of frames_of(), also the one that only looks like one

std::string request(std::string_view method, int number) {
    const std::string branch = std::to_string(number);
    return std::string(method) +
           " sip:1001@10.77.0.10 SIP/2.0\r\n"
           "Via: SIP/2.0/UDP 10.77.0.100:5060;branch=z9hG4bK-" +
           branch +
           ";rport\r\nMax-Forwards: 70\r\nFrom: <sip:1000@10.77.0.10>;tag=f\r\n"
           "To: <sip:1001@10.77.0.10>\r\nCall-ID: seal-" +
           branch + "\r\nCSeq: 1 " + std::string(method) + "\r\nContent-Length: 0\r\n\r\n";
}

// One frame of each kind, good and bad, for one round.
std::vector<std::string> frames_of(int round) {
    const std::string flow = "udp 10.77.0.100:5060 > 10.77.0.10:5060";
    return {
        frame_from_text("arp request 10.77.0.100 wants 10.77.0.10", ""),
        frame_from_text("icmp echo-request 10.77.0.100 > 10.77.0.10", "ping"),
        frame_from_text(flow, request("INVITE", round)),
        frame_from_text(flow, request("INVITE", round)),
        frame_from_text(flow, request("OPTIONS", 10'000 + round)),
        frame_from_text(flow, request("CANCEL", 20'000 + round)),
        frame_from_text(flow, request("CANCEL", round)),
        frame_from_text(flow, "\r\n\r\n"),
        frame_from_text(flow, "NONSENSE\r\n\r\n"),
        frame_from_text(flow + " udp-checksum=bad", "x"),
        frame_from_text("udp 10.77.0.77:5060 > 10.77.0.10:5060", request("OPTIONS", 30'000)),
    };
}

// Puts in what a round brings; done while the seal is off or, for system calls, before it is on.
void feed(TestNode& node, int round) {
    for (const std::string& frame : frames_of(round)) {
        ASSERT_TRUE(node.port().put(frame));
    }
}

// Without a line of the test framework, which may allocate.
std::uint64_t received(TestNode& node) {
    return node.node().region().counter(shm::CounterId::SipRequestsReceived);
}

enum class Breach { None, NoneTraced, Allocation, SystemCall };

// A fresh trace of all packets, so that there is always one under way.
void keep_tracing(TestNode& node, int round) {
    constexpr int kRoundsPerTrace = 16;
    if (round % kRoundsPerTrace == 0) {
        (void)node.node().state().trace.desk().post(
            {.packets = shm::kTracePacketsMax, .filter = {}});
    }
}

// Enough of the last trace to know that there was one.
bool has_traced(TestNode& node) {
    return node.node().region().worker_trace(0).count.load() > std::uint32_t{kRequestsPerRound};
}

// Runs in the child. Exit status 0: all rounds were run.
int run_allocation_sealed(TestNode& node, Breach breach) {
    for (int round = 0; round < kRounds; ++round) {
        feed(node, round);
        dataplane::seal_allocations();
        if (breach == Breach::NoneTraced) {
            keep_tracing(node, round);
        }
        node.burst(kStart + static_cast<std::uint64_t>(round) * 50 * base::kNsPerMs);
        if (breach == Breach::Allocation) {
            void* volatile memory = std::malloc(16);
            std::free(memory);
        }
        node.port().discard();
        dataplane::unseal_allocations();
    }
    if (has_traced(node) != (breach == Breach::NoneTraced)) {
        return 5;
    }
    return received(node) == std::uint64_t{kRounds} * kRequestsPerRound ? 0 : 3;
}

int run_call_sealed(TestNode& node, Breach breach) {
    for (int round = 0; round < kCallRounds; ++round) {
        feed(node, round);
    }
    if (!dataplane::seal_system_calls()) {
        return 4;
    }
    for (int round = 0; round < kRounds; ++round) {
        if (breach == Breach::NoneTraced && round == 0) {
            keep_tracing(node, round);
        }
        // The real clock: its reading must not be a system call either.
        node.burst(base::monotonic_now());
        if (breach == Breach::SystemCall) {
            (void)::syscall(SYS_getpid);
        }
        node.port().discard();
    }
    if (has_traced(node) != (breach == Breach::NoneTraced)) {
        return 5;
    }
    return received(node) == std::uint64_t{kCallRounds} * kRequestsPerRound ? 0 : 3;
}

// How the child ended: exit status, or minus the signal.
int outcome_of(Breach breach, bool calls, bool with_core) {
    TestNode node({});
    node.teach_neighbour("10.77.0.100", calls ? base::monotonic_now() : kStart);
    if (with_core) {
        node.attach_core(calls ? base::monotonic_now() : kStart);
    }
    const pid_t child = ::fork();
    if (child == 0) {
        const int result =
            calls ? run_call_sealed(node, breach) : run_allocation_sealed(node, breach);
        // Not _exit(): in front of a call that does not return, AddressSanitizer makes calls of its
        // own.
        (void)::syscall(SYS_exit_group, result);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

TEST(Seal, TheWorkerDoesNotAllocateWithACore) {
    EXPECT_EQ(outcome_of(Breach::None, false, true), 0);
}

TEST(Seal, TheWorkerDoesNotAllocateWithoutACore) {
    EXPECT_EQ(outcome_of(Breach::None, false, false), 0);
}

TEST(Seal, TheWorkerDoesNotAllocateWhileItTraces) {
    EXPECT_EQ(outcome_of(Breach::NoneTraced, false, true), 0);
}

TEST(Seal, TheWorkerMakesNoSystemCallWhileItTraces) {
    EXPECT_EQ(outcome_of(Breach::NoneTraced, true, true), 0);
}

TEST(Seal, AnAllocationBreaksTheSeal) {
    EXPECT_EQ(outcome_of(Breach::Allocation, false, true), -SIGABRT);
}

TEST(Seal, TheWorkerMakesNoSystemCallWithACore) {
    EXPECT_EQ(outcome_of(Breach::None, true, true), 0);
}

TEST(Seal, TheWorkerMakesNoSystemCallWithoutACore) {
    EXPECT_EQ(outcome_of(Breach::None, true, false), 0);
}

TEST(Seal, ASystemCallBreaksTheSeal) {
    EXPECT_EQ(outcome_of(Breach::SystemCall, true, true), -SIGSYS);
}

} // namespace
} // namespace tandem::replay
