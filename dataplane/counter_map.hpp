// SPDX-License-Identifier: Apache-2.0
//
// Under which name of shm/counter_table.hpp each counter of the transaction layer is shown. One
// table, complete by construction. Pure constants; any thread.
#pragma once

#include <array>
#include <cstddef>

#include "shm/counters.hpp"
#include "transaction/counters.hpp"

namespace tandem::dataplane {

struct CounterPair {
    transaction::Counter from;
    shm::CounterId to;
};

inline constexpr std::array kCounterMap = std::to_array<CounterPair>({
    {transaction::Counter::RequestRepeated, shm::CounterId::RequestRetransmissions},
    {transaction::Counter::ResponseRepeated, shm::CounterId::ResponseRetransmissions},
    {transaction::Counter::AckRepeated, shm::CounterId::AckRetransmissions},
    {transaction::Counter::RequestSentAgain, shm::CounterId::RequestsRepeated},
    {transaction::Counter::ResponseSentAgain, shm::CounterId::ResponsesRepeated},
    {transaction::Counter::AckSentAgain, shm::CounterId::AcksRepeated},
    {transaction::Counter::TryingSent, shm::CounterId::TryingSent},
    {transaction::Counter::AnsweredBadMessage, shm::CounterId::SipBadMessage},
    {transaction::Counter::AnsweredMerged, shm::CounterId::SipMergedRequest},
    {transaction::Counter::AnsweredNoInvite, shm::CounterId::CancelWithoutTransaction},
    {transaction::Counter::RefusedCoreAbsent, shm::CounterId::ControlplaneAbsent},
    {transaction::Counter::RefusedRingFull, shm::CounterId::RingFullRequest},
    {transaction::Counter::RefusedPoolFull, shm::CounterId::RequestsRefusedPoolFull},
    {transaction::Counter::FullServerTransactions, shm::CounterId::PoolFullServer},
    {transaction::Counter::FullClientTransactions, shm::CounterId::PoolFullClient},
    {transaction::Counter::FullLingering, shm::CounterId::PoolFullLingering},
    {transaction::Counter::FullBuffers, shm::CounterId::PoolFullBytes},
    {transaction::Counter::FullForks, shm::CounterId::PoolFullForks},
    {transaction::Counter::FullRefusals, shm::CounterId::PoolFullRefusals},
    {transaction::Counter::DropBadMessage, shm::CounterId::SipBadNoReply},
    {transaction::Counter::DropNoVia, shm::CounterId::SipNoVia},
    {transaction::Counter::DropBranchForeign, shm::CounterId::ResponseBadBranch},
    {transaction::Counter::DropBranchCheck, shm::CounterId::ResponseForgedBranch},
    {transaction::Counter::DropBranchOld, shm::CounterId::ResponseWithoutTransaction},
    {transaction::Counter::DropResponseUnexpected, shm::CounterId::ResponseUnexpected},
    {transaction::Counter::DropResponseRingFull, shm::CounterId::RingFullResponse},
    {transaction::Counter::DropCancelRingFull, shm::CounterId::RingFullCancel},
    {transaction::Counter::DropCancelPoolFull, shm::CounterId::CancelPoolFull},
    {transaction::Counter::DropAckRingFull, shm::CounterId::RingFullAck},
    {transaction::Counter::DropAckUnknown, shm::CounterId::AckWithoutTransaction},
    {transaction::Counter::DropStrayRingFull, shm::CounterId::RingFullOther},
    {transaction::Counter::DropCoreAbsent, shm::CounterId::MessageControlplaneAbsent},
    {transaction::Counter::TransmitFailed, shm::CounterId::TransportFailures},
    {transaction::Counter::CommandStaleHandle, shm::CounterId::CommandStale},
    {transaction::Counter::CommandUnreadable, shm::CounterId::CommandBad},
    {transaction::Counter::CommandSecondFinal, shm::CounterId::CommandSecondFinal},
    {transaction::Counter::CommandWrongBranch, shm::CounterId::CommandWrongBranch},
    {transaction::Counter::CommandTooManyReliables, shm::CounterId::CommandTooManyReliables},
    {transaction::Counter::CommandOutOfState, shm::CounterId::CommandOutOfState},
    {transaction::Counter::CommandPoolFull, shm::CounterId::CommandPoolFull},
    {transaction::Counter::TimeoutClientFinal, shm::CounterId::TransactionTimeouts},
    {transaction::Counter::TimeoutServerAck, shm::CounterId::TimeoutsServerAck},
    {transaction::Counter::TimeoutTwoXxAck, shm::CounterId::TimeoutsTwoXxAck},
    {transaction::Counter::TimeoutReliable, shm::CounterId::TimeoutsReliable},
    {transaction::Counter::TimeoutCoreSilent, shm::CounterId::TimeoutsCoreSilent},
    {transaction::Counter::TimeoutUntold, shm::CounterId::TimeoutsUntold},
    {transaction::Counter::OrphanTold, shm::CounterId::OrphansTold},
    {transaction::Counter::OrphanUntellable, shm::CounterId::OrphansUntellable},
});

static_assert(
    [] {
        for (std::size_t row = 0; row < kCounterMap.size(); ++row) {
            if (static_cast<std::size_t>(kCounterMap[row].from) != row) {
                return false;
            }
        }
        return kCounterMap.size() == transaction::kCounterCount;
    }(),
    "kCounterMap must have every transaction::Counter, in its order");

} // namespace tandem::dataplane
