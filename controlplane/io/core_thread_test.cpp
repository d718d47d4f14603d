// SPDX-License-Identifier: Apache-2.0
//
// The core on its own thread, end to end over a real region in this process: records in, commands
// out, the dataplane's death and return, a ring without room, the sleep and the heartbeat.
#include <optional>
#include <string>

#include "gtest/gtest.h"

#include "controlplane/io/core_thread.hpp"
#include "controlplane/io/test_call.hpp"

namespace tandem::controlplane {
namespace {

class CoreThreadTest : public testing::Test {
  protected:
    void SetUp() override {
        configuration_.application.run_directory = directory_.path();
        core_.emplace(configuration_,
                      CoreSeed{.random = {1}, .node = configuration_.application.node, .term = 1});
        start_dataplane(1000);
    }

    void start_dataplane(std::uint32_t epoch) {
        dataplane_.emplace(directory_.file(shm::kHandoverSocketName), epoch);
        ASSERT_TRUE(dataplane_->turn_until([&] { return dataplane_->opened == 1; }));
    }

    // Waits out a machine that is too busy for the core to answer within its second.
    CoreThreadStatus status() {
        CoreThreadStatus status;
        EXPECT_TRUE(wait_until([&] { return core_->status(status); }));
        return status;
    }

    std::uint32_t live_calls() {
        std::uint32_t live = 0;
        EXPECT_TRUE(wait_until([&] {
            return core_->query([&](const Core& core, const Now&) { live = core.live_calls(); });
        }));
        return live;
    }

    [[nodiscard]] std::uint64_t heartbeat() const {
        return dataplane_->region().controlplane_line().heartbeat_ns.load();
    }

    TemporaryDirectory directory_;
    config::Configuration configuration_ = call_configuration();
    std::optional<TestDataplane> dataplane_;
    std::optional<CoreThread> core_;
};

TEST_F(CoreThreadTest, AnswersOptions) {
    const auto handle = dataplane_->receive(options_text(1), kTestCaller);
    ASSERT_TRUE(dataplane_->turn_until([&] { return !dataplane_->responses.empty(); }));
    const auto& response = dataplane_->responses.front();
    EXPECT_EQ(response.head.transaction, handle);
    EXPECT_EQ(response.head.status_code, 200);
    EXPECT_EQ(Message(response.message).get("CSeq"), "1 OPTIONS");
    const auto now = status();
    EXPECT_EQ(now.intake.unreadable, 0U);
    EXPECT_EQ(now.effects.responses, 1U);
    EXPECT_EQ(now.effects.unsent, 0U);
}

TEST_F(CoreThreadTest, CarriesACall) {
    TestCall call(*dataplane_);
    ASSERT_TRUE(call.answer());
    EXPECT_EQ(live_calls(), 1U);
    ASSERT_TRUE(call.hang_up());
    EXPECT_TRUE(wait_until([&] { return live_calls() == 0; }, [&] { dataplane_->turn(); }));
    EXPECT_EQ(status().effects.unsent, 0U);
}

TEST_F(CoreThreadTest, BeatsWhileNothingHappens) {
    const auto first = heartbeat();
    EXPECT_TRUE(wait_until([&] { return heartbeat() > first; }));
    const auto second = heartbeat();
    EXPECT_TRUE(wait_until([&] { return heartbeat() > second; }));
    EXPECT_GT(core_->counters().sleeps.load(), 0U);
    EXPECT_GE(core_->counters().loops.load(), core_->counters().sleeps.load());
}

TEST_F(CoreThreadTest, WakesOnTheDoorbell) {
    std::uint32_t asked = 0;
    bool rung = false;
    // It sleeps for short times only: ask until one question met it asleep.
    EXPECT_TRUE(dataplane_->turn_until([&] {
        dataplane_->receive(options_text(++asked), kTestCaller);
        rung = dataplane_->worker().events().ring_doorbell_if_asleep(
            dataplane_->server().doorbell_fd());
        return rung;
    }));
    EXPECT_TRUE(dataplane_->turn_until([&] { return dataplane_->responses.size() == asked; }));
}

TEST_F(CoreThreadTest, CallsOutliveTheDataplane) {
    TestCall call(*dataplane_);
    ASSERT_TRUE(call.answer());
    dataplane_.reset();
    EXPECT_TRUE(wait_until([&] { return !status().seam.is_open; }));
    EXPECT_EQ(status().command_ring_bytes, 0U);
    EXPECT_EQ(live_calls(), 1U);
    bool looked = false;
    EXPECT_TRUE(wait_until([&] {
        return core_->with_region([&](const shm::Region&, const Now&) { looked = true; });
    }));
    EXPECT_FALSE(looked);

    start_dataplane(1001);
    EXPECT_TRUE(wait_until([&] { return status().seam.is_open; }, [&] { dataplane_->turn(); }));
    EXPECT_TRUE(wait_until([&] {
        return core_->with_region([&](const shm::Region& region, const Now&) {
            looked = region.info().dataplane_epoch == 1001;
        });
    }));
    EXPECT_TRUE(looked);
    call.move_to(*dataplane_);
    ASSERT_TRUE(call.hang_up());
    EXPECT_EQ(status().seam.closed_count, 1U);
}

TEST_F(CoreThreadTest, TheRingOfTheRegionCountsNotTheFile) {
    ASSERT_NE(configuration_.application.command_ring_bytes, shm::kRingBytesMin);
    EXPECT_EQ(status().command_ring_bytes, shm::kRingBytesMin);
}

TEST_F(CoreThreadTest, EventsWaitWhileTheCommandRingHasNoRoom) {
    dataplane_->reads_commands = false;
    std::uint32_t asked = 0;
    ASSERT_TRUE(wait_until(
        [&] { return core_->counters().waits_for_room.load() > 0; },
        [&] {
            for (std::uint32_t i = 0; i < 100; ++i) {
                asked += dataplane_->receive(options_text(i + 1), kTestCaller).is_set() ? 1U : 0U;
            }
        }));
    EXPECT_LE(status().command_ring_used_bytes, shm::kRingBytesMin);
    // It naps between its looks for room, though events are waiting.
    const auto sleeps = core_->counters().sleeps.load();
    const auto loops = core_->counters().loops.load();
    EXPECT_TRUE(wait_until([&] { return core_->counters().loops.load() > loops + 100; }));
    EXPECT_GE(core_->counters().sleeps.load(), sleeps + 100);
    dataplane_->reads_commands = true;
    EXPECT_TRUE(dataplane_->turn_until([&] { return dataplane_->responses.size() == asked; }));
    EXPECT_EQ(status().effects.unsent, 0U);
}

} // namespace
} // namespace tandem::controlplane
