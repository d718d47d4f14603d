// SPDX-License-Identifier: Apache-2.0
//
// The four state machines of a call as tables: call, leg, attempt (an outgoing INVITE that shall
// make a leg) and exchange (a request inside a dialog on its way from one leg to the other). The
// tables decide which event means something in which state; the files of this folder act. An event
// without a row leaves the state as it is. Pure constants.
//
// Call
//             CalleeAnswered             CallerAcked
//   Ringing ─────────────────▶ Answered ─────────────▶ Established
//      │ Refused, HungUp          │ HungUp                  │ HungUp
//      └──────────────────────────┴────────────▶ Ending ◀───┘
//                                                   │ Drained: no leg, attempt or exchange is left
//                                                   ▼
//                                                 Ended
//
// Leg (one dialog; the caller's begins Idle, since nobody has told the caller a tag)
//          Provisional          Accept               Ack
//   Idle ─────────────▶ Early ─────────▶ Accepted ─────────▶ Confirmed
//     │ Accept                              ▲ │ Leave            │ Leave
//     └─────────────────────────────────────┘ ▼                  ▼
//                               LeavingAfterAck ── Ack ───▶ Leaving ── Finished ──▶ Gone
//   Leave takes Idle and Early to Gone (CANCEL or a final response ends them), PeerBye takes
//   everything to Gone but Leaving, which waits for the answer to its own BYE.
//   LeavingAfterAck: a BYE to the caller waits for its ACK (RFC 3261 section 15).
//
// Attempt
//             Provisional              Cancel
//   Calling ─────────────▶ Proceeding ────────▶ Cancelling ── Final ──▶ Done
//      │ Cancel                                     ▲
//      └────────▶ CancelWanted ──── Provisional ────┘      Final takes all of them to Done
//   CancelWanted: no CANCEL before a provisional response (RFC 3261 section 9.1).
//
// Exchange
//   Waiting ── Success of an INVITE ──▶ AwaitingAck ── Ack ──▶ Done
//      │ Final, Success of others: Done
//      └─ Abandon ──▶ Abandoned ── Final, Success ──▶ Done
//   Abandoned: the call is over, the answer only needs its ACK. Abandon ends AwaitingAck.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::controlplane {

enum class CallState : std::uint8_t { Ringing, Answered, Established, Ending, Ended };
enum class CallEvent : std::uint8_t { CalleeAnswered, CallerAcked, Refused, HungUp, Drained };

enum class LegState : std::uint8_t {
    Idle,
    Early,
    Accepted,
    Confirmed,
    LeavingAfterAck,
    Leaving,
    Gone,
};
enum class LegEvent : std::uint8_t { Provisional, Accept, Ack, Leave, PeerBye, Finished };

enum class AttemptState : std::uint8_t { Calling, Proceeding, CancelWanted, Cancelling, Done };
enum class AttemptEvent : std::uint8_t { Provisional, Cancel, Final };

enum class ExchangeState : std::uint8_t { Waiting, AwaitingAck, Abandoned, Done };
enum class ExchangeEvent : std::uint8_t { SuccessOfInvite, Final, Ack, Abandon };

template <typename State, typename Event>
struct Transition {
    State from;
    Event event;
    State to;
};

inline constexpr std::array kCallTransitions = std::to_array<Transition<CallState, CallEvent>>({
    {CallState::Ringing, CallEvent::CalleeAnswered, CallState::Answered},
    {CallState::Ringing, CallEvent::Refused, CallState::Ending},
    {CallState::Ringing, CallEvent::HungUp, CallState::Ending},
    {CallState::Answered, CallEvent::CallerAcked, CallState::Established},
    {CallState::Answered, CallEvent::HungUp, CallState::Ending},
    {CallState::Established, CallEvent::HungUp, CallState::Ending},
    {CallState::Ending, CallEvent::Drained, CallState::Ended},
});

inline constexpr std::array kLegTransitions = std::to_array<Transition<LegState, LegEvent>>({
    {LegState::Idle, LegEvent::Provisional, LegState::Early},
    {LegState::Idle, LegEvent::Accept, LegState::Accepted},
    {LegState::Idle, LegEvent::Leave, LegState::Gone},
    {LegState::Idle, LegEvent::PeerBye, LegState::Gone},
    {LegState::Early, LegEvent::Accept, LegState::Accepted},
    {LegState::Early, LegEvent::Leave, LegState::Gone},
    {LegState::Early, LegEvent::PeerBye, LegState::Gone},
    {LegState::Accepted, LegEvent::Ack, LegState::Confirmed},
    {LegState::Accepted, LegEvent::Leave, LegState::LeavingAfterAck},
    {LegState::Accepted, LegEvent::PeerBye, LegState::Gone},
    {LegState::Confirmed, LegEvent::Leave, LegState::Leaving},
    {LegState::Confirmed, LegEvent::PeerBye, LegState::Gone},
    {LegState::LeavingAfterAck, LegEvent::Ack, LegState::Leaving},
    {LegState::LeavingAfterAck, LegEvent::PeerBye, LegState::Gone},
    {LegState::Leaving, LegEvent::Finished, LegState::Gone},
});

inline constexpr std::array kAttemptTransitions =
    std::to_array<Transition<AttemptState, AttemptEvent>>({
        {AttemptState::Calling, AttemptEvent::Provisional, AttemptState::Proceeding},
        {AttemptState::Calling, AttemptEvent::Cancel, AttemptState::CancelWanted},
        {AttemptState::Calling, AttemptEvent::Final, AttemptState::Done},
        {AttemptState::Proceeding, AttemptEvent::Cancel, AttemptState::Cancelling},
        {AttemptState::Proceeding, AttemptEvent::Final, AttemptState::Done},
        {AttemptState::CancelWanted, AttemptEvent::Provisional, AttemptState::Cancelling},
        {AttemptState::CancelWanted, AttemptEvent::Final, AttemptState::Done},
        {AttemptState::Cancelling, AttemptEvent::Final, AttemptState::Done},
    });

inline constexpr std::array kExchangeTransitions =
    std::to_array<Transition<ExchangeState, ExchangeEvent>>({
        {ExchangeState::Waiting, ExchangeEvent::SuccessOfInvite, ExchangeState::AwaitingAck},
        {ExchangeState::Waiting, ExchangeEvent::Final, ExchangeState::Done},
        {ExchangeState::Waiting, ExchangeEvent::Abandon, ExchangeState::Abandoned},
        {ExchangeState::AwaitingAck, ExchangeEvent::Ack, ExchangeState::Done},
        {ExchangeState::AwaitingAck, ExchangeEvent::Abandon, ExchangeState::Done},
        {ExchangeState::Abandoned, ExchangeEvent::SuccessOfInvite, ExchangeState::Done},
        {ExchangeState::Abandoned, ExchangeEvent::Final, ExchangeState::Done},
    });

template <typename State, typename Event, std::size_t kCount>
[[nodiscard]] constexpr State
next_state(const std::array<Transition<State, Event>, kCount>& table, State state, Event event) {
    for (const auto& row : table) {
        if (row.from == state && row.event == event) {
            return row.to;
        }
    }
    return state;
}

[[nodiscard]] constexpr CallState next_state(CallState state, CallEvent event) {
    return next_state(kCallTransitions, state, event);
}

[[nodiscard]] constexpr LegState next_state(LegState state, LegEvent event) {
    return next_state(kLegTransitions, state, event);
}

[[nodiscard]] constexpr AttemptState next_state(AttemptState state, AttemptEvent event) {
    return next_state(kAttemptTransitions, state, event);
}

[[nodiscard]] constexpr ExchangeState next_state(ExchangeState state, ExchangeEvent event) {
    return next_state(kExchangeTransitions, state, event);
}

// As an operator reads them.
[[nodiscard]] constexpr std::string_view state_name(CallState state) {
    constexpr std::array<std::string_view, 5> kNames{
        "ringing", "answered", "established", "ending", "ended"};
    return kNames[static_cast<std::size_t>(state)];
}

[[nodiscard]] constexpr std::string_view state_name(LegState state) {
    constexpr std::array<std::string_view, 7> kNames{
        "idle", "early", "accepted", "confirmed", "leaving after ack", "leaving", "gone"};
    return kNames[static_cast<std::size_t>(state)];
}

} // namespace tandem::controlplane
