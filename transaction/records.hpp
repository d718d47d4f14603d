// SPDX-License-Identifier: Apache-2.0
//
// The two classes of transaction records: live (machine, timers, bytes) and lingering (what is
// needed to absorb and answer repetitions after everything has been said). Plain data; the verbs
// of the layer change it. One thread, the layer's.
#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"
#include "base/timer_wheel.hpp"
#include "sipparse/method.hpp"
#include "transaction/client_slots.hpp"
#include "transaction/invite_client.hpp"
#include "transaction/invite_server.hpp"
#include "transaction/message_store.hpp"
#include "transaction/names.hpp"
#include "transaction/non_invite_client.hpp"
#include "transaction/non_invite_server.hpp"
#include "transaction/two_xx_keeper.hpp"

namespace tandem::transaction {

// A reliable provisional response that waits for its PRACK (RFC 3262 3).
struct Reliable {
    StoredMessage message;
    std::uint32_t rseq = 0;
    std::uint16_t status_code = 0;
    bool is_waiting = false;
    std::uint64_t interval_ns = 0;
    base::MonotonicNs repeat_at = 0;
    base::MonotonicNs end_at = 0;
};

// RFC 3262 3 allows several once the first was acknowledged; nobody needs more at once.
inline constexpr std::size_t kReliablesMax = 4;

// By what a server transaction is found; 0 = not in the table.
struct ServerKeys {
    std::uint64_t transaction = 0;
    std::uint64_t merge = 0;
    std::uint64_t ack = 0; // of a 2xx to an INVITE
};

struct ServerTransaction {
    base::TimerNode timer; // armed for the first of the times below
    ServerKeys keys;
    std::uint32_t* counted = nullptr;  // the counter of states it is part of
    std::uint64_t failure_ack_key = 0; // which ACK an RFC 2543 client sends for our non-2xx
    std::uint64_t call = 0;            // hash of its Call-ID, for notes
    Flow reply;
    base::MonotonicNs trying_at = 0; // 0 = not waiting, as all of these
    base::MonotonicNs repeat_at = 0; // timer G or the keeper
    base::MonotonicNs end_at = 0;    // timer H or L, or the core stays silent
    base::MonotonicNs tell_at = 0;   // the ring was full
    std::uint64_t interval_ns = 0;   // of repeat_at
    StoredMessage trying;            // INVITE: its 100, until something was sent
    StoredMessage response;          // the last one, unless `last_reliable` names it
    std::array<Reliable, kReliablesMax> reliables;
    std::uint32_t cseq_number = 0;
    std::uint32_t core_life = 0;   // of the core it was given to
    std::uint16_t status_code = 0; // of the last response; 0 = none
    sipparse::Method method = sipparse::Method::Other;
    std::uint8_t tell_kinds = 0;                // bit per TimeoutKind the core was not told yet
    std::uint8_t last_reliable = kReliablesMax; // index, or kReliablesMax
    invite_server::State invite = invite_server::State::Proceeding;
    non_invite_server::State non_invite = non_invite_server::State::Trying;
    two_xx_keeper::State keeper = two_xx_keeper::State::Repeating;
    bool from_2543_client = false; // no magic cookie: ACKs are compared by To tag

    [[nodiscard]] bool is_invite() const noexcept { return method == sipparse::Method::Invite; }
};

struct ClientTransaction {
    base::TimerNode timer;
    std::uint32_t* counted = nullptr;
    std::uint64_t call = 0;
    Flow flow;
    base::MonotonicNs repeat_at = 0; // timer A or E
    base::MonotonicNs end_at = 0;    // timer B or F
    std::uint64_t interval_ns = 0;
    // INVITE: moves to the lingering record, so that a core that comes can write CANCEL and ACK.
    StoredMessage request;
    std::uint32_t slot = ClientSlot::kNone;
    std::uint32_t cseq_number = 0;
    std::uint32_t core_life = 0; // of the core that sent it
    sipparse::Method method = sipparse::Method::Other;
    invite_client::State invite = invite_client::State::Calling;
    non_invite_client::State non_invite = non_invite_client::State::Trying;
    bool is_cancelled = false; // our CANCEL was sent: the final has to come in time

    [[nodiscard]] bool is_invite() const noexcept { return method == sipparse::Method::Invite; }
};

enum class LingeringKind : std::uint8_t {
    NonInviteServer,       // Completed, timer J: repeats the response
    InviteServerConfirmed, // timer I: absorbs
    InviteServerAccepted,  // ACK seen, timer L: absorbs
    Refused,               // our own 503: repeats it
    NonInviteClient,       // Completed, timer K: absorbs
    InviteClientUnacked,   // timer D, no ACK yet: keeps the INVITE, by which one can be written
    InviteClientCompleted, // timer D: repeats the ACK
    InviteClientAccepted,  // timer M: repeats the ACK of each To-tag
};

// A B2BUA call leaves about a hundred transaction-seconds behind, so these are what memory is
// spent on: with its place in the pool one takes 96 bytes and the bytes it may send again.
struct Lingering {
    std::uint64_t key = 0;       // server: of the transaction
    std::uint64_t merge_key = 0; // server: 0 = none
    std::uint64_t ack_key = 0;   // server: 0 = none; INVITE client: to_tag_key of the first final
    base::MonotonicNs deadline = 0;
    Flow flow;           // of `bytes`
    StoredMessage bytes; // server: the last response; INVITE client: the ACK, or see its kind
    std::uint32_t next = ClientSlot::kNone; // in the queue of its duration
    std::uint32_t cseq_number = 0;
    std::uint32_t slot = ClientSlot::kNone;       // client: its slot
    std::uint32_t first_fork = ClientSlot::kNone; // INVITE client: further To-tags
    std::uint16_t status_code = 0;                // of a response in `bytes`
    sipparse::Method method = sipparse::Method::Other;
    LingeringKind kind = LingeringKind::Refused;
    std::uint32_t core_life = 0; // client: of the core that sent the request
};

inline constexpr std::size_t kLingeringBytesMax = 96;
inline constexpr std::size_t kPoolBytesPerObject = 8; // generation and link of base::Pool
static_assert(sizeof(Lingering) + kPoolBytesPerObject <= kLingeringBytesMax);

// A further 2xx of a forked INVITE and our ACK for it.
struct Fork {
    std::uint64_t tag_key = 0;
    Flow flow;
    StoredMessage ack;
    std::uint32_t next = ClientSlot::kNone;
};

// To-tags remembered per INVITE; a forking proxy with more answers at once is none we serve.
inline constexpr std::size_t kToTagsMax = 4;

} // namespace tandem::transaction
