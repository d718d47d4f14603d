// SPDX-License-Identifier: Apache-2.0
//
// What a process says of itself, and learning of another one's end.
#include <cerrno>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gtest/gtest.h"

#include "base/process.hpp"

namespace tandem::base {
namespace {

TEST(Process, TellsItsUsage) {
    const ProcessUsage usage = process_usage();
    EXPECT_GT(usage.resident_bytes, 100'000U);
    EXPECT_GT(usage.resident_peak_bytes, 100'000U);
    EXPECT_GT(thread_cpu_ns(), 0U);
}

TEST(Process, PidfdTellsTheEnd) {
    int pipe_ends[2] = {};
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        char byte = 0;
        ::close(pipe_ends[1]);
        ::_exit(::read(pipe_ends[0], &byte, 1) == 0 ? 0 : 1); // until the parent closes
    }
    ASSERT_GT(child, 0);
    const auto pidfd = open_pidfd(child);
    ASSERT_TRUE(pidfd);
    EXPECT_FALSE(has_ended(*pidfd));
    ::close(pipe_ends[0]);
    ::close(pipe_ends[1]);
    pollfd wanted{.fd = *pidfd, .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&wanted, 1, -1), 1);
    EXPECT_TRUE(has_ended(*pidfd));
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    ::close(*pidfd);
}

TEST(Process, PidfdOfNobodyIsAnError) {
    EXPECT_EQ(open_pidfd(0).error(), EINVAL);
}

} // namespace
} // namespace tandem::base
