// SPDX-License-Identifier: Apache-2.0
//
// Queries between threads: the test's thread is the core's, others ask. A query is run exactly as
// often as its callers were told so, whoever gives up when.
#include <array>
#include <atomic>
#include <poll.h>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "controlplane/core/test_directory.hpp"
#include "controlplane/io/core_queries.hpp"
#include "controlplane/io/test_dataplane.hpp"

namespace tandem::controlplane {
namespace {

bool is_readable(int fd) {
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&wanted, 1, 0) == 1;
}

class CoreQueriesTest : public testing::Test {
  protected:
    void serve() { queries_.serve(core_, at_seconds(3)); }

    config::Configuration configuration_ = small_configuration();
    KeptEffects effects_;
    Core core_{configuration_, {.random = {1}, .node = "a", .term = 1}, effects_};
    CoreQueries queries_;
};

TEST_F(CoreQueriesTest, AQuerySeesTheCoreAndItsClocks) {
    const Core* seen = nullptr;
    Now when;
    std::atomic<bool> answered = false;
    std::thread caller([&] {
        while (!queries_.run([&](const Core& core, const Now& now) {
            seen = &core;
            when = now;
        })) {
        }
        answered = true;
    });
    EXPECT_TRUE(wait_until([&] { return answered.load(); }, [&] { serve(); }));
    caller.join();
    EXPECT_EQ(seen, &core_);
    EXPECT_EQ(when.monotonic_ns, at_seconds(3).monotonic_ns);
    EXPECT_EQ(when.wall_ns, at_seconds(3).wall_ns);
}

TEST_F(CoreQueriesTest, WithoutAQuestionThereIsNothingToServe) {
    EXPECT_FALSE(is_readable(queries_.poll_fd()));
    serve();
}

TEST_F(CoreQueriesTest, AQuestionWakesTheCoreAndServingDrainsIt) {
    int runs = 0;
    std::atomic<bool> ended = false;
    std::thread caller([&] {
        while (!queries_.run([&](const Core&, const Now&) { ++runs; })) {
        }
        ended = true;
    });
    EXPECT_TRUE(wait_until([&] { return is_readable(queries_.poll_fd()); }));
    EXPECT_TRUE(wait_until([&] { return ended.load(); }, [&] { serve(); }));
    caller.join();
    serve(); // after a caller that gave up meanwhile
    EXPECT_FALSE(is_readable(queries_.poll_fd()));
    EXPECT_EQ(runs, 1);
}

TEST_F(CoreQueriesTest, AQueryOfACallerThatGaveUpIsNotRunLater) {
    int runs = 0;
    EXPECT_FALSE(queries_.run([&](const Core&, const Now&) { ++runs; }));
    serve();
    serve();
    EXPECT_EQ(runs, 0);
}

TEST_F(CoreQueriesTest, SeveralCallersAreServedOneByOne) {
    constexpr std::size_t kCallers = 4;
    constexpr int kQuestions = 100;
    std::array<int, kCallers> runs{}; // by the core's thread only
    std::array<int, kCallers> answers{};
    std::atomic<std::size_t> ended = 0;
    std::vector<std::thread> callers;
    callers.reserve(kCallers);
    for (std::size_t i = 0; i < kCallers; ++i) {
        callers.emplace_back([&, i] {
            for (int question = 0; question < kQuestions; ++question) {
                answers[i] += queries_.run([&](const Core&, const Now&) { ++runs[i]; }) ? 1 : 0;
            }
            ++ended;
        });
    }
    while (ended < kCallers) {
        serve();
    }
    for (auto& caller : callers) {
        caller.join();
    }
    EXPECT_EQ(runs, answers);
    EXPECT_GT(answers[0], 0);
}

} // namespace
} // namespace tandem::controlplane
