// SPDX-License-Identifier: Apache-2.0
//
// Walks every state and event of the four machines against tables written down a second time, by
// hand from the drawings.
#include "gtest/gtest.h"

#include "controlplane/core/call/machines.hpp"

namespace tandem::controlplane {
namespace {

template <typename State, typename Event, std::size_t kStates, std::size_t kEvents>
void walk(const std::array<std::array<State, kEvents>, kStates>& wanted) {
    for (std::size_t state = 0; state < kStates; ++state) {
        for (std::size_t event = 0; event < kEvents; ++event) {
            EXPECT_EQ(next_state(static_cast<State>(state), static_cast<Event>(event)),
                      wanted[state][event])
                << "state " << state << " event " << event;
        }
    }
}

TEST(MachinesTest, Call) {
    using enum CallState;
    // CalleeAnswered, CallerAcked, Refused, HungUp, Drained
    walk<CallState, CallEvent, 5, 5>({{
        {Answered, Ringing, Ending, Ending, Ringing},
        {Answered, Established, Answered, Ending, Answered},
        {Established, Established, Established, Ending, Established},
        {Ending, Ending, Ending, Ending, Ended},
        {Ended, Ended, Ended, Ended, Ended},
    }});
}

TEST(MachinesTest, Leg) {
    using enum LegState;
    // Provisional, Accept, Ack, Leave, PeerBye, Finished
    walk<LegState, LegEvent, 7, 6>({{
        {Early, Accepted, Idle, Gone, Gone, Idle},
        {Early, Accepted, Early, Gone, Gone, Early},
        {Accepted, Accepted, Confirmed, LeavingAfterAck, Gone, Accepted},
        {Confirmed, Confirmed, Confirmed, Leaving, Gone, Confirmed},
        {LeavingAfterAck, LeavingAfterAck, Leaving, LeavingAfterAck, Gone, LeavingAfterAck},
        {Leaving, Leaving, Leaving, Leaving, Leaving, Gone},
        {Gone, Gone, Gone, Gone, Gone, Gone},
    }});
}

TEST(MachinesTest, Attempt) {
    using enum AttemptState;
    // Provisional, Cancel, Final
    walk<AttemptState, AttemptEvent, 5, 3>({{
        {Proceeding, CancelWanted, Done},
        {Proceeding, Cancelling, Done},
        {Cancelling, CancelWanted, Done},
        {Cancelling, Cancelling, Done},
        {Done, Done, Done},
    }});
}

TEST(MachinesTest, Exchange) {
    using enum ExchangeState;
    // SuccessOfInvite, Final, Ack, Abandon
    walk<ExchangeState, ExchangeEvent, 4, 4>({{
        {AwaitingAck, Done, Waiting, Abandoned},
        {AwaitingAck, AwaitingAck, Done, Done},
        {Done, Done, Abandoned, Abandoned},
        {Done, Done, Done, Done},
    }});
}

TEST(MachinesTest, NoTableNamesAStateAndEventTwice) {
    const auto unique = [](const auto& table) {
        for (std::size_t i = 0; i < table.size(); ++i) {
            for (std::size_t j = i + 1; j < table.size(); ++j) {
                EXPECT_FALSE(table[i].from == table[j].from && table[i].event == table[j].event);
            }
        }
    };
    unique(kCallTransitions);
    unique(kLegTransitions);
    unique(kAttemptTransitions);
    unique(kExchangeTransitions);
}

} // namespace
} // namespace tandem::controlplane
