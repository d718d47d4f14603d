// SPDX-License-Identifier: Apache-2.0
//
// Everything a Layer holds, and the few operations all verbs share: begin, find, settle and end a
// record. Who may call what is decided by the verbs; what is consistent is decided here: a record
// that ends takes its names, buffers, timers and slot with it. One thread, the layer's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/hash_table.hpp"
#include "base/pool.hpp"
#include "base/stage.hpp"
#include "base/timer_wheel.hpp"
#include "sipparse/via.hpp"
#include "transaction/client_slots.hpp"
#include "transaction/layer.hpp"
#include "transaction/message_store.hpp"
#include "transaction/output.hpp"
#include "transaction/records.hpp"

namespace tandem::transaction {

// Lingering records of one duration stand in the order of their deadlines.
struct LingeringQueue {
    std::uint64_t duration_ns = 0;
    std::uint32_t first = ClientSlot::kNone;
    std::uint32_t last = ClientSlot::kNone;
};

// How many transactions are in which state, live and lingering together.
struct StateCounts {
    std::array<std::uint32_t, invite_server::kStateCount> invite_server{};
    std::array<std::uint32_t, non_invite_server::kStateCount> non_invite_server{};
    std::array<std::uint32_t, invite_client::kStateCount> invite_client{};
    std::array<std::uint32_t, non_invite_client::kStateCount> non_invite_client{};
    std::uint32_t refused = 0;
};

// How far the orphans of a core's attachment were told: indices into the pools.
struct OrphanSweep {
    std::uint32_t next_server = 0;
    std::uint32_t next_client = 0;
    bool is_over = true;
};

struct Tables {
    Tables(const LayerOptions& options, Output& output);

    LayerOptions options;
    Output& output;
    base::StageVisits visits; // of messages that a trace follows
    base::TimerWheel wheel;
    base::Pool<ServerTransaction, ServerTransactionTag> servers;
    base::Pool<ClientTransaction> clients;
    base::Pool<Lingering> lingering;
    base::Pool<Fork> forks;
    // All keys of all server transactions, live and lingering (NameValue); keys of different kinds
    // are hashes with different beginnings.
    base::HashTable names;
    ClientSlots slots;
    MessageStore messages;
    LingeringQueue short_queue; // 5 s: timers I and K, refusals
    LingeringQueue long_queue;  // 32 s: timers D, J, L, M
    StateCounts states;
    bool core_absent = true;
    std::uint32_t core_life = 0; // counts the cores that attached
    std::uint32_t orphans = 0;   // live records of an earlier life
    OrphanSweep sweep;
    base::MonotonicNs last_expire = 0;
    sipparse::MessageIndex command_index;                       // of the command under way
    std::array<char, sipparse::kMessageBytesMax> answer_text{}; // of the own answer under way
};

// TimerNode::kind.
enum class TimerOwner : std::uint32_t { Server = 1, Client = 2 };

// A request with what matching needs to know about it.
struct ArrivedRequest {
    const InboundMessage& message;
    const sipparse::Via& via;
    std::uint64_t key; // transaction_key
};

// What a key leads to.
struct Name {
    std::uint32_t index = 0;
    bool is_lingering = false;

    [[nodiscard]] std::uint32_t packed() const noexcept {
        return index | (is_lingering ? kLingeringBit : 0U);
    }

    [[nodiscard]] static Name unpack(std::uint32_t word) noexcept {
        return {.index = word & ~kLingeringBit, .is_lingering = (word & kLingeringBit) != 0};
    }

    static constexpr std::uint32_t kLingeringBit = 1U << 31U;
};

void add_names(Tables& tables, const ServerKeys& keys, Name name) noexcept;
void remove_names(Tables& tables, const ServerKeys& keys, Name name) noexcept;

// At most one of the pointers is set.
struct ServerMatch {
    ServerTransaction* live = nullptr;
    Lingering* lingering = nullptr;
    ServerHandle handle; // of the live one

    [[nodiscard]] bool is_found() const noexcept { return live != nullptr || lingering != nullptr; }
};

// By any key of match_key.hpp and the number of CSeq.
[[nodiscard]] ServerMatch
find_server(Tables& tables, std::uint64_t key, std::uint32_t cseq_number) noexcept;
[[nodiscard]] bool is_named(const Tables& tables, std::uint64_t key) noexcept;

// Did a core begin it that is not there any more? `core_life` of a record.
[[nodiscard]] inline bool is_orphan(const Tables& tables, std::uint32_t core_life) noexcept {
    return core_life != tables.core_life;
}

// Every live record holds a place among the lingering ones; is there another one?
[[nodiscard]] bool has_lingering_room(const Tables& tables) noexcept;

// A live server transaction for the request; not set (and the full pool counted) when there is no
// room. The bytes of an INVITE are kept for its 100.
[[nodiscard]] ServerHandle
begin_server(Tables& tables, const ArrivedRequest& request, std::uint64_t merge_key) noexcept;
void name_by_ack(Tables& tables, ServerHandle handle, std::uint64_t ack_key) noexcept;
// After every change of a live server transaction: ends it, makes it linger, or arms its timer,
// as its state says. The record may be gone afterwards.
void settle_server(Tables& tables, ServerHandle handle, base::MonotonicNs now) noexcept;
void end_server(Tables& tables, ServerHandle handle) noexcept;

inline void move_count(std::uint32_t*& counted, std::uint32_t& counter) noexcept {
    if (counted != nullptr) {
        --*counted;
    }
    counted = &counter;
    ++counter;
}

// Counts the record under the state it is in now.
void recount(Tables& tables, ServerTransaction& server) noexcept;
void recount(Tables& tables, ClientTransaction& client) noexcept;

// A live client transaction in the slot; nullptr (and the full pool counted) when there is no room.
[[nodiscard]] ClientTransaction* begin_client(Tables& tables,
                                              const SendRequest& command,
                                              const sipparse::MessageView& view) noexcept;
void arm_client(Tables& tables, ClientTransaction& client) noexcept;
// The live record goes, the slot stays where it is.
void drop_client(Tables& tables, ClientTransaction& client) noexcept;
// Live -> lingering; with a duration of zero the slot is free at once.
void linger_client(Tables& tables,
                   ClientTransaction& client,
                   LingeringKind kind,
                   std::uint64_t to_tag_key,
                   base::MonotonicNs now) noexcept;

// Live -> lingering, with the last response where the kind repeats it.
void linger_server(Tables& tables,
                   ServerHandle handle,
                   LingeringKind kind,
                   base::MonotonicNs now) noexcept;
// A lingering record of our own 503; false when it cannot be remembered.
[[nodiscard]] bool linger_refusal(Tables& tables,
                                  const ArrivedRequest& request,
                                  const Flow& reply,
                                  std::string_view response) noexcept;
void end_lingering(Tables& tables, std::uint32_t index) noexcept;

// The last response of a live transaction; empty when none was sent or it could not be kept.
[[nodiscard]] std::string_view last_response(const Tables& tables,
                                             const ServerTransaction& server) noexcept;
// Ends the repetition of a reliable provisional; its bytes stay when it is the last response.
void stop_reliable(Tables& tables, ServerTransaction& server, Reliable& reliable) noexcept;
// Releases every reliable provisional and its times.
void release_reliables(Tables& tables, ServerTransaction& server) noexcept;

} // namespace tandem::transaction
