// SPDX-License-Identifier: Apache-2.0
//
// What the transaction layer needs from whoever runs it: a way out for bytes, events for the core,
// counters and notes for the ladder. The dataplane's worker implements it over its port and its
// event ring, tests over vectors. All calls come from the layer's thread, inside a call of Layer.
// Nothing given by reference or view outlives the call.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.hpp"
#include "sipparse/message_view.hpp"
#include "transaction/counters.hpp"
#include "transaction/names.hpp"

namespace tandem::transaction {

// A message from the wire, indexed without error.
struct InboundMessage {
    sipparse::MessageView view = {};
    Flow flow = {};
    base::MonotonicNs now = 0; // the reading of this burst
};

struct Timeout {
    TimeoutKind kind = TimeoutKind::ClientFinal;
    std::uint64_t handle = 0; // packed ClientHandle or ServerHandle, as the kind says
    std::uint64_t user = 0;   // of the client transaction, else 0
    base::MonotonicNs at = 0;
};

// A transaction of a core that died, for the one that came. Views live during the call.
struct Orphan {
    OrphanKind kind = OrphanKind::Request;
    std::uint64_t handle = 0; // packed ServerHandle of a Request, else ClientHandle
    Flow flow = {};           // of the transaction
    sipparse::MessageView message = {};
    std::string_view to_tag = {}; // Refused: of the response, at most kOrphanTagBytesMax
    base::MonotonicNs at = 0;
};

enum class Direction : std::uint8_t {
    In = 0,
    Out = 1,
};

// One message on the wire as the ladder draws it.
struct Note {
    base::MonotonicNs at = 0;
    Flow flow = {};
    std::string_view bytes = {};               // the message; valid during the call
    std::optional<std::string_view> body = {}; // of it, where somebody has an index at hand
    std::uint64_t call = 0; // SipHash of the Call-ID with LayerOptions::call_id_key
    std::uint32_t cseq_number = 0;
    std::uint16_t status_code = 0; // 0 = request
    sipparse::Method method = sipparse::Method::Other;
    Direction direction = Direction::In;
    bool repeated = false; // a retransmission, theirs or ours
    bool own = false;      // written by the layer, not by the core
};

class Output {
  public:
    virtual ~Output() = default;

    // False: the message could not leave (no neighbour, no route, no packet buffer).
    [[nodiscard]] virtual bool transmit(const Flow& flow, std::string_view bytes) = 0;

    // Events for the core; false: the ring is full, nothing was written.
    [[nodiscard]] virtual bool publish_request(ServerHandle transaction,
                                               const InboundMessage& message) = 0;
    [[nodiscard]] virtual bool publish_response(ClientHandle transaction,
                                                std::uint64_t user,
                                                const InboundMessage& message) = 0;
    [[nodiscard]] virtual bool
    publish_cancel(ServerHandle cancel, ServerHandle invite, const InboundMessage& message) = 0;
    [[nodiscard]] virtual bool publish_ack(ServerHandle invite, const InboundMessage& message) = 0;
    [[nodiscard]] virtual bool publish_timeout(const Timeout& timeout) = 0;
    [[nodiscard]] virtual bool publish_stray(const InboundMessage& message) = 0;
    [[nodiscard]] virtual bool publish_orphan(const Orphan& orphan) = 0;
    // At most kSlotsPerPublishMax handles.
    [[nodiscard]] virtual bool publish_client_slots(std::span<const ClientHandle> slots) = 0;

    virtual void count(Counter counter) = 0;
    virtual void note(const Note& note) = 0;

  protected:
    Output() = default;
    Output(const Output&) = default;
    Output(Output&&) = default;
    Output& operator=(const Output&) = default;
    Output& operator=(Output&&) = default;
};

// A ring record of slots holds no more.
constexpr std::size_t kSlotsPerPublishMax = 256;

} // namespace tandem::transaction
