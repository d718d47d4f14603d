// SPDX-License-Identifier: Apache-2.0
//
// Walks the table of neighbour_machine.hpp: every state with every event.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ha/neighbour_machine.hpp"

namespace tandem::ha {
namespace {

using State = NeighbourState;
using Event = NeighbourEvent;

// An output in the letters of the table, plus the timer: "Stale m f 600000".
std::string text(const NeighbourOutput& output) {
    std::string out = text_of(output.state);
    out += output.frame == NeighbourOutput::Frame::Send     ? " s"
           : output.frame == NeighbourOutput::Frame::Queue  ? " q"
           : output.frame == NeighbourOutput::Frame::Refuse ? " r"
                                                            : "";
    out += output.take_mac ? " m" : "";
    out += output.queued == NeighbourOutput::Queued::Send   ? " f"
           : output.queued == NeighbourOutput::Queued::Drop ? " d"
                                                            : "";
    out += output.ask == NeighbourOutput::Ask::Everybody ? " a*"
           : output.ask == NeighbourOutput::Ask::Station ? " a1"
                                                         : "";
    if (output.rearm) {
        out += " " + std::to_string(output.timer_ms);
    }
    return out;
}

struct Row {
    State state;
    Event event;
    std::uint32_t tries;
    bool mac_changed;
    std::string expected;
};

const std::vector<Row>& rows() {
    static const std::vector<Row> table = {
        {State::Absent, Event::Wanted, 0, false, "incomplete q a* 100"},
        {State::Absent, Event::Answered, 0, true, "absent"},
        {State::Absent, Event::Asked, 0, true, "stale m 600000"},
        {State::Absent, Event::Announced, 0, true, "absent"},
        {State::Absent, Event::Timer, 0, false, "absent 0"},
        {State::Incomplete, Event::Wanted, 1, false, "incomplete q"},
        {State::Incomplete, Event::Answered, 1, true, "reachable m f 30000"},
        {State::Incomplete, Event::Asked, 1, true, "stale m f 600000"},
        {State::Incomplete, Event::Announced, 1, true, "stale m f 600000"},
        {State::Incomplete, Event::Timer, 1, false, "incomplete a* 200"},
        {State::Incomplete, Event::Timer, 2, false, "incomplete a* 400"},
        {State::Incomplete, Event::Timer, 3, false, "incomplete a* 800"},
        {State::Incomplete, Event::Timer, 4, false, "failed d 1000"},
        {State::Reachable, Event::Wanted, 0, false, "reachable s"},
        {State::Reachable, Event::Answered, 0, false, "reachable m 30000"},
        {State::Reachable, Event::Answered, 0, true, "reachable m 30000"},
        {State::Reachable, Event::Asked, 0, false, "reachable m"},
        {State::Reachable, Event::Asked, 0, true, "stale m 600000"},
        {State::Reachable, Event::Announced, 0, false, "reachable m"},
        {State::Reachable, Event::Announced, 0, true, "stale m 600000"},
        {State::Reachable, Event::Timer, 0, false, "stale 600000"},
        {State::Stale, Event::Wanted, 0, false, "probe s a1 1000"},
        {State::Stale, Event::Answered, 0, false, "reachable m 30000"},
        {State::Stale, Event::Asked, 0, false, "stale m 600000"},
        {State::Stale, Event::Announced, 0, true, "stale m 600000"},
        {State::Stale, Event::Timer, 0, false, "absent 0"},
        {State::Probe, Event::Wanted, 1, false, "probe s"},
        {State::Probe, Event::Answered, 1, false, "reachable m 30000"},
        {State::Probe, Event::Asked, 1, false, "probe m"},
        {State::Probe, Event::Asked, 1, true, "stale m 600000"},
        {State::Probe, Event::Announced, 1, false, "stale m 600000"},
        {State::Probe, Event::Timer, 1, false, "probe a1 1000"},
        {State::Probe, Event::Timer, 2, false, "probe a* 1000"},
        {State::Probe, Event::Timer, 3, false, "probe a* 1000"},
        {State::Probe, Event::Timer, 4, false, "failed 1000"},
        {State::Failed, Event::Wanted, 0, false, "failed r"},
        {State::Failed, Event::Answered, 0, true, "reachable m 30000"},
        {State::Failed, Event::Asked, 0, true, "stale m 600000"},
        {State::Failed, Event::Announced, 0, true, "stale m 600000"},
        {State::Failed, Event::Timer, 0, false, "absent 0"},
    };
    return table;
}

TEST(NeighbourMachine, EachRowOfTheTable) {
    for (const Row& row : rows()) {
        const NeighbourOutput output = step({.state = row.state,
                                             .event = row.event,
                                             .tries = row.tries,
                                             .mac_changed = row.mac_changed});
        EXPECT_EQ(text(output), row.expected)
            << text_of(row.state) << ", event " << static_cast<int>(row.event) << ", tries "
            << row.tries;
    }
}

TEST(NeighbourMachine, TheTableHasEveryStateWithEveryEvent) {
    std::vector<bool> seen(kNeighbourStates * kNeighbourEvents, false);
    for (const Row& row : rows()) {
        seen[static_cast<std::size_t>(row.state) * kNeighbourEvents +
             static_cast<std::size_t>(row.event)] = true;
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
        EXPECT_TRUE(seen[i]) << "state " << i / kNeighbourEvents << ", event "
                             << i % kNeighbourEvents;
    }
}

} // namespace
} // namespace tandem::ha
