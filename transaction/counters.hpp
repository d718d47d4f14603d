// SPDX-License-Identifier: Apache-2.0
//
// What the transaction layer counts: one enumerator, name and sentence each. The dataplane maps
// them to counters in shared memory by position; a name is the drop reason an operator sees.
// Pure constants; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::transaction {

enum class Counter : std::uint8_t {
    // Messages repeated by a peer and absorbed here.
    RequestRepeated = 0,
    ResponseRepeated,
    AckRepeated,
    // Bytes repeated by us.
    RequestSentAgain,
    ResponseSentAgain,
    AckSentAgain,
    // Answers of the layer itself.
    TryingSent,
    AnsweredBadMessage,
    AnsweredMerged,
    AnsweredNoInvite,
    RefusedCoreAbsent,
    RefusedRingFull,
    RefusedPoolFull,
    // Pools that were full.
    FullServerTransactions,
    FullClientTransactions,
    FullLingering,
    FullBuffers,
    FullForks,
    FullRefusals,
    // Messages dropped.
    DropBadMessage,
    DropNoVia,
    DropBranchForeign,
    DropBranchCheck,
    DropBranchOld,
    DropResponseUnexpected,
    DropResponseRingFull,
    DropCancelRingFull,
    DropCancelPoolFull,
    DropAckRingFull,
    DropAckUnknown,
    DropStrayRingFull,
    DropCoreAbsent,
    // Sending failed.
    TransmitFailed,
    // Commands of the core that were refused.
    CommandStaleHandle,
    CommandUnreadable,
    CommandSecondFinal,
    CommandWrongBranch,
    CommandTooManyReliables,
    CommandOutOfState,
    CommandPoolFull,
    // Ends without an answer.
    TimeoutClientFinal,
    TimeoutServerAck,
    TimeoutTwoXxAck,
    TimeoutReliable,
    TimeoutCoreSilent,
    TimeoutUntold,
    // Transactions of a core that died.
    OrphanTold,
    OrphanUntellable,
};

struct CounterRow {
    Counter counter;
    std::string_view name;
    std::string_view sentence;
};

inline constexpr std::array kCounterRows = std::to_array<CounterRow>({
    {Counter::RequestRepeated, "request-repeated", "repeated request absorbed"},
    {Counter::ResponseRepeated, "response-repeated", "repeated response absorbed"},
    {Counter::AckRepeated, "ack-repeated", "repeated ACK, or ACK of our own refusal, absorbed"},
    {Counter::RequestSentAgain, "request-sent-again", "request repeated by timer A or E"},
    {Counter::ResponseSentAgain, "response-sent-again", "response repeated"},
    {Counter::AckSentAgain, "ack-sent-again", "ACK repeated for a repeated final response"},
    {Counter::TryingSent, "trying-sent", "100 sent because the core was silent for 200 ms"},
    {Counter::AnsweredBadMessage, "answered-bad-message", "malformed request answered 400 or 505"},
    {Counter::AnsweredMerged, "answered-merged", "merged request answered 482"},
    {Counter::AnsweredNoInvite, "answered-no-invite", "CANCEL without its INVITE answered 481"},
    {Counter::RefusedCoreAbsent, "refused-core-absent", "request answered 503: no core"},
    {Counter::RefusedRingFull, "refused-ring-full", "request answered 503: event ring full"},
    {Counter::RefusedPoolFull, "refused-pool-full", "request answered 503: a pool is full"},
    {Counter::FullServerTransactions, "full-server-transactions", "no live server transaction"},
    {Counter::FullClientTransactions, "full-client-transactions", "no live client transaction"},
    {Counter::FullLingering, "full-lingering", "no room for one more lingering transaction"},
    {Counter::FullBuffers, "full-buffers", "no message buffer of a fitting size"},
    {Counter::FullForks, "full-forks", "no room to remember one more To-tag of an INVITE"},
    {Counter::FullRefusals, "full-refusals", "503 sent without remembering it"},
    {Counter::DropBadMessage, "drop-bad-message", "malformed message that cannot be answered"},
    {Counter::DropNoVia, "drop-no-via", "no readable Via on top"},
    {Counter::DropBranchForeign, "drop-branch-foreign", "response with a branch not made by us"},
    {Counter::DropBranchCheck, "drop-branch-check", "response with a forged branch"},
    {Counter::DropBranchOld, "drop-branch-old", "response for a transaction that has ended"},
    {Counter::DropResponseUnexpected, "drop-response-unexpected", "response that fits no state"},
    {Counter::DropResponseRingFull, "drop-response-ring-full", "response dropped: ring full"},
    {Counter::DropCancelRingFull, "drop-cancel-ring-full", "CANCEL dropped: ring full"},
    {Counter::DropCancelPoolFull, "drop-cancel-pool-full", "CANCEL dropped: a pool is full"},
    {Counter::DropAckRingFull, "drop-ack-ring-full", "ACK dropped: ring full"},
    {Counter::DropAckUnknown, "drop-ack-unknown", "ACK for no transaction and no core to ask"},
    {Counter::DropStrayRingFull, "drop-stray-ring-full", "stray message dropped: ring full"},
    {Counter::DropCoreAbsent, "drop-core-absent", "message dropped: no core"},
    {Counter::TransmitFailed, "transmit-failed", "a message could not leave"},
    {Counter::CommandStaleHandle, "command-stale-handle", "command for an ended transaction"},
    {Counter::CommandUnreadable, "command-unreadable", "command with an unusable message"},
    {Counter::CommandSecondFinal, "command-second-final", "response after the final response"},
    {Counter::CommandWrongBranch, "command-wrong-branch", "request without its slot's branch"},
    {Counter::CommandTooManyReliables, "command-too-many-reliables", "reliables without PRACK"},
    {Counter::CommandOutOfState, "command-out-of-state", "command that fits no state"},
    {Counter::CommandPoolFull, "command-pool-full", "request not sent: a pool is full"},
    {Counter::TimeoutClientFinal, "timeout-client-final", "timer B or F: no final response"},
    {Counter::TimeoutServerAck, "timeout-server-ack", "timer H: no ACK of a non-2xx"},
    {Counter::TimeoutTwoXxAck, "timeout-2xx-ack", "no ACK of a 2xx"},
    {Counter::TimeoutReliable, "timeout-reliable", "no PRACK of a reliable provisional"},
    {Counter::TimeoutCoreSilent, "timeout-core-silent", "request the core never answered"},
    {Counter::TimeoutUntold, "timeout-untold", "timeout with no core to tell"},
    {Counter::OrphanTold, "orphan-told", "transaction of a dead core given to the new one"},
    {Counter::OrphanUntellable, "orphan-untellable", "the same, lost: nothing to tell it by"},
});

inline constexpr std::size_t kCounterCount = kCounterRows.size();

static_assert(
    [] {
        for (std::size_t row = 0; row < kCounterRows.size(); ++row) {
            if (static_cast<std::size_t>(kCounterRows[row].counter) != row) {
                return false;
            }
        }
        return static_cast<std::size_t>(Counter::OrphanUntellable) + 1 == kCounterRows.size();
    }(),
    "kCounterRows must stand in the order of Counter");

[[nodiscard]] constexpr std::string_view counter_name(Counter counter) noexcept {
    return kCounterRows[static_cast<std::size_t>(counter)].name;
}

} // namespace tandem::transaction
