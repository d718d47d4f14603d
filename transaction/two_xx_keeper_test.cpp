// SPDX-License-Identifier: Apache-2.0
//
// Walks every state and event of the 2xx keeper.
#include <array>
#include <gtest/gtest.h>

#include "transaction/two_xx_keeper.hpp"

namespace tandem::transaction::two_xx_keeper {
namespace {

using enum State;
using enum Action;

struct Row {
    State state;
    Event event;
    Step<State, Action> expected;
};

constexpr std::array kTable = std::to_array<Row>({
    {Repeating, Event::TimerRepeat, {Repeating, {SendAgain, ArmRepeat}}},
    {Repeating, Event::TimerEnd, {GaveUp, {TellAck}}},
    {Repeating, Event::Ack, {Acked, {PassUp}}},
    {Acked, Event::TimerRepeat, {Acked, {}}},
    {Acked, Event::TimerEnd, {Acked, {}}},
    {Acked, Event::Ack, {Acked, {Absorb}}},
    {GaveUp, Event::TimerRepeat, {GaveUp, {}}},
    {GaveUp, Event::TimerEnd, {GaveUp, {}}},
    {GaveUp, Event::Ack, {GaveUp, {Absorb}}},
});

constexpr std::size_t kEventCount = static_cast<std::size_t>(Event::Ack) + 1;
constexpr std::size_t kKeeperStateCount = static_cast<std::size_t>(GaveUp) + 1;

TEST(TwoXxKeeper, EveryStateAndEventIsInTheTable) {
    std::array<std::array<int, kEventCount>, kKeeperStateCount> seen{};
    for (const Row& row : kTable) {
        ++seen[static_cast<std::size_t>(row.state)][static_cast<std::size_t>(row.event)];
    }
    for (const auto& events : seen) {
        for (const int count : events) {
            EXPECT_EQ(count, 1);
        }
    }
}

TEST(TwoXxKeeper, StepsAsTheTableSays) {
    for (const Row& row : kTable) {
        EXPECT_TRUE(step(row.state, row.event) == row.expected)
            << "state " << static_cast<int>(row.state) << " event " << static_cast<int>(row.event);
    }
}

} // namespace
} // namespace tandem::transaction::two_xx_keeper
