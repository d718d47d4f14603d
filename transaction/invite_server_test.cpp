// SPDX-License-Identifier: Apache-2.0
//
// Walks every state and event of the INVITE server transaction.
#include <array>
#include <gtest/gtest.h>

#include "transaction/invite_server.hpp"

namespace tandem::transaction::invite_server {
namespace {

using enum State;
using enum Action;

struct Row {
    State state;
    Event event;
    Step<State, Action> expected;
};

constexpr std::array kTable = std::to_array<Row>({
    {Proceeding, Event::Request, {Proceeding, {Repeat}}},
    {Proceeding, Event::Ack, {Proceeding, {}}},
    {Proceeding, Event::Provisional, {Proceeding, {Send}}},
    {Proceeding, Event::Success, {Accepted, {Send, StartKeeper, ArmL}}},
    {Proceeding, Event::Failure, {Completed, {Send, ArmG, ArmH}}},
    {Proceeding, Event::TimerG, {Proceeding, {}}},
    {Proceeding, Event::TimerH, {Proceeding, {}}},
    {Proceeding, Event::TimerI, {Proceeding, {}}},
    {Proceeding, Event::TimerL, {Proceeding, {}}},
    {Proceeding, Event::TransportError, {Proceeding, {TellTransport}}},
    {Completed, Event::Request, {Completed, {Repeat}}},
    {Completed, Event::Ack, {Confirmed, {ArmI}}},
    {Completed, Event::Provisional, {Completed, {Refuse}}},
    {Completed, Event::Success, {Completed, {Refuse}}},
    {Completed, Event::Failure, {Completed, {Refuse}}},
    {Completed, Event::TimerG, {Completed, {Repeat, ArmG}}},
    {Completed, Event::TimerH, {Terminated, {TellAck}}},
    {Completed, Event::TimerI, {Completed, {}}},
    {Completed, Event::TimerL, {Completed, {}}},
    {Completed, Event::TransportError, {Completed, {TellTransport}}},
    {Confirmed, Event::Request, {Confirmed, {Absorb}}},
    {Confirmed, Event::Ack, {Confirmed, {Absorb}}},
    {Confirmed, Event::Provisional, {Confirmed, {Refuse}}},
    {Confirmed, Event::Success, {Confirmed, {Refuse}}},
    {Confirmed, Event::Failure, {Confirmed, {Refuse}}},
    {Confirmed, Event::TimerG, {Confirmed, {}}},
    {Confirmed, Event::TimerH, {Confirmed, {}}},
    {Confirmed, Event::TimerI, {Terminated, {}}},
    {Confirmed, Event::TimerL, {Confirmed, {}}},
    {Confirmed, Event::TransportError, {Confirmed, {}}},
    {Accepted, Event::Request, {Accepted, {Absorb}}},
    {Accepted, Event::Ack, {Accepted, {AckToKeeper}}},
    {Accepted, Event::Provisional, {Accepted, {Refuse}}},
    {Accepted, Event::Success, {Accepted, {Refuse}}},
    {Accepted, Event::Failure, {Accepted, {Refuse}}},
    {Accepted, Event::TimerG, {Accepted, {}}},
    {Accepted, Event::TimerH, {Accepted, {}}},
    {Accepted, Event::TimerI, {Accepted, {}}},
    {Accepted, Event::TimerL, {Terminated, {}}},
    {Accepted, Event::TransportError, {Accepted, {TellTransport}}},
    {Terminated, Event::Request, {Terminated, {}}},
    {Terminated, Event::Ack, {Terminated, {}}},
    {Terminated, Event::Provisional, {Terminated, {Refuse}}},
    {Terminated, Event::Success, {Terminated, {Refuse}}},
    {Terminated, Event::Failure, {Terminated, {Refuse}}},
    {Terminated, Event::TimerG, {Terminated, {}}},
    {Terminated, Event::TimerH, {Terminated, {}}},
    {Terminated, Event::TimerI, {Terminated, {}}},
    {Terminated, Event::TimerL, {Terminated, {}}},
    {Terminated, Event::TransportError, {Terminated, {}}},
});

constexpr std::size_t kEventCount = static_cast<std::size_t>(Event::TransportError) + 1;

TEST(InviteServer, EveryStateAndEventIsInTheTable) {
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

TEST(InviteServer, StepsAsTheTableSays) {
    for (const Row& row : kTable) {
        EXPECT_TRUE(step(row.state, row.event) == row.expected)
            << "state " << static_cast<int>(row.state) << " event " << static_cast<int>(row.event);
    }
}

} // namespace
} // namespace tandem::transaction::invite_server
