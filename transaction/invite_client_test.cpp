// SPDX-License-Identifier: Apache-2.0
//
// Walks every state and event of the INVITE client transaction.
#include <array>
#include <gtest/gtest.h>

#include "transaction/invite_client.hpp"

namespace tandem::transaction::invite_client {
namespace {

using enum State;
using enum Action;

struct Row {
    State state;
    Event event;
    Step<State, Action> expected;
};

constexpr std::array kTable = std::to_array<Row>({
    {Calling, Event::Provisional, {Proceeding, {PassUp, ArmB}}},
    {Calling, Event::Success, {Accepted, {PassUp, ArmM}}},
    {Calling, Event::Failure, {Completed, {PassUp, ArmD}}},
    {Calling, Event::TimerA, {Calling, {SendAgain, ArmA}}},
    {Calling, Event::TimerB, {Terminated, {TellTimeout}}},
    {Calling, Event::TimerD, {Calling, {}}},
    {Calling, Event::TimerM, {Calling, {}}},
    {Calling, Event::TransportError, {Terminated, {TellTransport}}},
    {Proceeding, Event::Provisional, {Proceeding, {PassUp, ArmB}}},
    {Proceeding, Event::Success, {Accepted, {PassUp, ArmM}}},
    {Proceeding, Event::Failure, {Completed, {PassUp, ArmD}}},
    {Proceeding, Event::TimerA, {Proceeding, {}}},
    {Proceeding, Event::TimerB, {Terminated, {TellTimeout}}},
    {Proceeding, Event::TimerD, {Proceeding, {}}},
    {Proceeding, Event::TimerM, {Proceeding, {}}},
    {Proceeding, Event::TransportError, {Proceeding, {}}},
    {Completed, Event::Provisional, {Completed, {Drop}}},
    {Completed, Event::Success, {Completed, {Drop}}},
    {Completed, Event::Failure, {Completed, {AckAgain}}},
    {Completed, Event::TimerA, {Completed, {}}},
    {Completed, Event::TimerB, {Completed, {}}},
    {Completed, Event::TimerD, {Terminated, {}}},
    {Completed, Event::TimerM, {Completed, {}}},
    {Completed, Event::TransportError, {Completed, {}}},
    {Accepted, Event::Provisional, {Accepted, {Drop}}},
    {Accepted, Event::Success, {Accepted, {ByTag}}},
    {Accepted, Event::Failure, {Accepted, {Drop}}},
    {Accepted, Event::TimerA, {Accepted, {}}},
    {Accepted, Event::TimerB, {Accepted, {}}},
    {Accepted, Event::TimerD, {Accepted, {}}},
    {Accepted, Event::TimerM, {Terminated, {}}},
    {Accepted, Event::TransportError, {Accepted, {}}},
    {Terminated, Event::Provisional, {Terminated, {Drop}}},
    {Terminated, Event::Success, {Terminated, {Drop}}},
    {Terminated, Event::Failure, {Terminated, {Drop}}},
    {Terminated, Event::TimerA, {Terminated, {}}},
    {Terminated, Event::TimerB, {Terminated, {}}},
    {Terminated, Event::TimerD, {Terminated, {}}},
    {Terminated, Event::TimerM, {Terminated, {}}},
    {Terminated, Event::TransportError, {Terminated, {}}},
});

constexpr std::size_t kEventCount = static_cast<std::size_t>(Event::TransportError) + 1;

TEST(InviteClient, EveryStateAndEventIsInTheTable) {
    std::array<std::array<int, kEventCount>, kStateCount> seen{};
    for (const Row& row : kTable) {
        ++seen[static_cast<std::size_t>(row.state)][static_cast<std::size_t>(row.event)];
    }
    for (const auto& events : seen) {
        for (const int count : events) {
            EXPECT_EQ(count, 1);
        }
    }
}

TEST(InviteClient, StepsAsTheTableSays) {
    for (const Row& row : kTable) {
        EXPECT_TRUE(step(row.state, row.event) == row.expected)
            << "state " << static_cast<int>(row.state) << " event " << static_cast<int>(row.event);
    }
}

} // namespace
} // namespace tandem::transaction::invite_client
