// SPDX-License-Identifier: Apache-2.0
//
// Walks every state and event of the non-INVITE client transaction.
#include <array>
#include <gtest/gtest.h>

#include "transaction/non_invite_client.hpp"

namespace tandem::transaction::non_invite_client {
namespace {

using enum State;
using enum Action;

struct Row {
    State state;
    Event event;
    Step<State, Action> expected;
};

constexpr std::array kTable = std::to_array<Row>({
    {Trying, Event::Provisional, {Proceeding, {PassUp}}},
    {Trying, Event::Final, {Completed, {PassUp, ArmK}}},
    {Trying, Event::TimerE, {Trying, {SendAgain, ArmE}}},
    {Trying, Event::TimerF, {Terminated, {TellTimeout}}},
    {Trying, Event::TimerK, {Trying, {}}},
    {Trying, Event::TransportError, {Terminated, {TellTransport}}},
    {Proceeding, Event::Provisional, {Proceeding, {PassUp}}},
    {Proceeding, Event::Final, {Completed, {PassUp, ArmK}}},
    {Proceeding, Event::TimerE, {Proceeding, {SendAgain, ArmEatT2}}},
    {Proceeding, Event::TimerF, {Terminated, {TellTimeout}}},
    {Proceeding, Event::TimerK, {Proceeding, {}}},
    {Proceeding, Event::TransportError, {Proceeding, {}}},
    {Completed, Event::Provisional, {Completed, {Absorb}}},
    {Completed, Event::Final, {Completed, {Absorb}}},
    {Completed, Event::TimerE, {Completed, {}}},
    {Completed, Event::TimerF, {Completed, {}}},
    {Completed, Event::TimerK, {Terminated, {}}},
    {Completed, Event::TransportError, {Completed, {}}},
    {Terminated, Event::Provisional, {Terminated, {Absorb}}},
    {Terminated, Event::Final, {Terminated, {Absorb}}},
    {Terminated, Event::TimerE, {Terminated, {}}},
    {Terminated, Event::TimerF, {Terminated, {}}},
    {Terminated, Event::TimerK, {Terminated, {}}},
    {Terminated, Event::TransportError, {Terminated, {}}},
});

constexpr std::size_t kEventCount = static_cast<std::size_t>(Event::TransportError) + 1;

TEST(NonInviteClient, EveryStateAndEventIsInTheTable) {
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

TEST(NonInviteClient, StepsAsTheTableSays) {
    for (const Row& row : kTable) {
        EXPECT_TRUE(step(row.state, row.event) == row.expected)
            << "state " << static_cast<int>(row.state) << " event " << static_cast<int>(row.event);
    }
}

} // namespace
} // namespace tandem::transaction::non_invite_client
