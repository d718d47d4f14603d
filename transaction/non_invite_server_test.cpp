// SPDX-License-Identifier: Apache-2.0
//
// Walks every state and event of the non-INVITE server transaction.
#include <array>
#include <gtest/gtest.h>

#include "transaction/non_invite_server.hpp"

namespace tandem::transaction::non_invite_server {
namespace {

using enum State;
using enum Action;

struct Row {
    State state;
    Event event;
    Step<State, Action> expected;
};

constexpr std::array kTable = std::to_array<Row>({
    {Trying, Event::Request, {Trying, {Absorb}}},
    {Trying, Event::Provisional, {Proceeding, {Send}}},
    {Trying, Event::Final, {Completed, {Send, ArmJ}}},
    {Trying, Event::TimerJ, {Trying, {}}},
    {Trying, Event::TransportError, {Trying, {TellTransport}}},
    {Proceeding, Event::Request, {Proceeding, {Repeat}}},
    {Proceeding, Event::Provisional, {Proceeding, {Send}}},
    {Proceeding, Event::Final, {Completed, {Send, ArmJ}}},
    {Proceeding, Event::TimerJ, {Proceeding, {}}},
    {Proceeding, Event::TransportError, {Proceeding, {TellTransport}}},
    {Completed, Event::Request, {Completed, {Repeat}}},
    {Completed, Event::Provisional, {Completed, {Refuse}}},
    {Completed, Event::Final, {Completed, {Refuse}}},
    {Completed, Event::TimerJ, {Terminated, {}}},
    {Completed, Event::TransportError, {Completed, {TellTransport}}},
    {Terminated, Event::Request, {Terminated, {}}},
    {Terminated, Event::Provisional, {Terminated, {Refuse}}},
    {Terminated, Event::Final, {Terminated, {Refuse}}},
    {Terminated, Event::TimerJ, {Terminated, {}}},
    {Terminated, Event::TransportError, {Terminated, {}}},
});

constexpr std::size_t kEventCount = static_cast<std::size_t>(Event::TransportError) + 1;

TEST(NonInviteServer, EveryStateAndEventIsInTheTable) {
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

TEST(NonInviteServer, StepsAsTheTableSays) {
    for (const Row& row : kTable) {
        EXPECT_TRUE(step(row.state, row.event) == row.expected)
            << "state " << static_cast<int>(row.state) << " event " << static_cast<int>(row.event);
    }
}

} // namespace
} // namespace tandem::transaction::non_invite_server
