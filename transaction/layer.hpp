// SPDX-License-Identifier: Apache-2.0
//
// The transaction layer of one dataplane worker: RFC 3261 17 with RFC 6026, RFC 3262 repetition,
// the 2xx keeper, and what a dataplane may say alone (100, 400, 481, 482, 503, 505). It keeps the
// bytes of the core and repeats them; it never writes a request and never decides about a call.
// One thread, no clock, no I/O but Output, no allocation after construction, no exceptions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/siphash.hpp"
#include "base/stage.hpp"
#include "base/time.hpp"
#include "sipparse/parse_error.hpp"
#include "transaction/branch.hpp"
#include "transaction/names.hpp"
#include "transaction/output.hpp"

namespace tandem::transaction {

struct Tables;

// Sizes of message buffers; a message lies in the smallest free one it fits in.
inline constexpr std::array<std::size_t, 5> kBufferClassBytes{512, 1'024, 2'048, 8'192, 65'536};

struct LayerLimits {
    std::uint32_t server_transactions_max = 65'536; // live ones, handles of the core
    std::uint32_t client_slots_max = 131'072;       // live and lingering: lingers for 32 s
    std::uint32_t client_transactions_max = 65'536; // live ones
    // Lingering ones of both sides. Every live one holds a place here, so that none has to be
    // forgotten early: must be larger than both live limits together.
    std::uint32_t lingering_max = 262'144;
    std::uint32_t forks_max = 4'096;     // To-tags of our INVITEs beyond the first
    std::uint32_t refusals_max = 16'384; // remembered 503s; part of lingering_max
    // One for the request of each live client transaction (an INVITE's until its final response is
    // acknowledged, then for that ACK), one for the last response of each live server transaction
    // (an INVITE's own bytes before it), reliable provisionals, and what lingers with its bytes.
    std::array<std::uint32_t, kBufferClassBytes.size()> buffers_max{
        131'072, 32'768, 32'768, 2'048, 64};
};

struct LayerOptions {
    BranchOwner owner;               // node, dataplane epoch and worker of our branches
    BranchKey branch_key;            // the core has it too
    base::SipHashKey hash_key;       // random; of the tables and of our To-tags
    base::SipHashKey call_id_key;    // of the Call-ID hashes in notes; the core has it too
    std::uint32_t retry_after_s = 2; // Retry-After of a 503
    bool repeats = true;             // UDP; false on a reliable transport: no repetition
    LayerLimits limits;
};

// Commands of the core (shm/records.hpp). `message` is whole and inside the record; the layer
// indexes it and refuses with a counter what does not fit.

struct SendRequest {
    ClientHandle transaction = {}; // a slot of the core; its branch stands on top of the message
    ClientHandle invite = {};      // for CANCEL: the INVITE, whose branch it carries
    std::uint64_t user = 0;        // handed back in every event of the transaction
    Flow flow = {};                // remote = destination, local = source
    std::string_view message = {};
    base::MonotonicNs now = 0;
};

struct SendResponse {
    ServerHandle transaction = {};
    bool reliable = false;  // RFC 3262: repeat until stop_repeating
    std::uint32_t rseq = 0; // of a reliable provisional
    std::string_view message = {};
    base::MonotonicNs now = 0;
};

struct SendAck {
    ClientHandle invite = {}; // that got the final response; not set: sent once, remembered nowhere
    Flow flow = {};
    std::string_view message = {};
    base::MonotonicNs now = 0;
};

struct StopRepeating {
    ServerHandle transaction = {};
    std::uint32_t rseq = 0;
};

struct PoolStatus {
    std::uint32_t used = 0;
    std::uint32_t limit = 0;
};

// Numbers for an operator, live and lingering together by state; O(1) to take.
struct LayerStatus {
    PoolStatus server_live;
    PoolStatus client_live;
    PoolStatus lingering;
    PoolStatus forks;
    PoolStatus refusals;
    std::array<PoolStatus, kBufferClassBytes.size()> buffers;
    std::uint32_t orphans = 0;      // live ones that a core before this one began
    std::uint32_t slots_free = 0;   // with the layer, not yet given to the core
    std::uint32_t slots_core = 0;   // in the core's free list
    std::uint32_t slots_in_use = 0; // live or lingering
    std::uint32_t timers_armed = 0;
    std::array<std::uint32_t, 5> invite_server{};     // by InviteServerState
    std::array<std::uint32_t, 4> non_invite_server{}; // by NonInviteServerState
    std::array<std::uint32_t, 5> invite_client{};     // by InviteClientState
    std::array<std::uint32_t, 4> non_invite_client{}; // by NonInviteClientState
};

class Layer {
  public:
    // Takes all memory it will ever use. `output` must outlive the layer.
    Layer(const LayerOptions& options, Output& output);
    ~Layer();
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;
    Layer(Layer&&) = delete;
    Layer& operator=(Layer&&) = delete;

    // A request or response from the wire that index_datagram accepted.
    void receive(const InboundMessage& message);
    // One it refused: answers 400 or 505 when that can be answered, else counts the drop.
    void answer_bad(const InboundMessage& message, sipparse::ParseError error);

    void send_request(const SendRequest& command);
    void send_response(const SendResponse& command);
    void send_ack(const SendAck& command);
    void stop_repeating(const StopRepeating& command);
    // A slot the core took and did not use; it is offered again.
    void return_slot(ClientHandle slot);

    // A message that transmit() took and that could not leave after all: nobody answered for its
    // next hop. A request that still waits for its first response ends, and the core is told.
    void undelivered(std::string_view message, base::MonotonicNs now);

    // Runs every timer due at `now`, tells the core what it could not be told before and gives
    // freed slots back. Called once per burst, also on idle ones.
    void expire(base::MonotonicNs now);
    // When expire() has to run next; 0 = nothing is waiting.
    [[nodiscard]] base::MonotonicNs next_deadline() const;

    // True: no core reads the ring, new requests get 503. At the start the core is absent.
    void core_absent(bool absent);
    // A core attached: it gets every slot that no transaction uses, from expire() on. Slots in the
    // list of the core before are void, what that one began goes on with 0 as its user, and what it
    // owes its peers is told as orphans (tell_orphan.cpp).
    void offer_slots();

    // Who hears of the stages a message visits in here; null: nobody.
    void watch(base::StageWatcher* watcher);

    [[nodiscard]] LayerStatus status() const;

  private:
    std::unique_ptr<Tables> tables_;
};

} // namespace tandem::transaction
