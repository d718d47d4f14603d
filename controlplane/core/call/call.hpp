// SPDX-License-Identifier: Apache-2.0
//
// What the core remembers of a call: the call, its legs (dialogs), its attempts (outgoing INVITEs
// without final response) and its exchanges (requests on their way between two legs). Plain values
// in pools, linked by handles; texts lie in the text pool and are owned by the object whose member
// they are (call_objects.cpp makes and ends all of them). Core thread only.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/handle.hpp"
#include "base/time.hpp"
#include "base/timer_wheel.hpp"
#include "controlplane/core/call/machines.hpp"
#include "controlplane/core/changes.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/text_pool.hpp"
#include "sipparse/method.hpp"
#include "transaction/names.hpp"

namespace tandem::controlplane {

using CallHandle = base::Handle<struct CallTag>;
using LegHandle = base::Handle<struct LegTag>;
using AttemptHandle = base::Handle<struct AttemptTag>;
using ExchangeHandle = base::Handle<struct ExchangeTag>;

enum class Side : std::uint8_t { Caller, Callee };

[[nodiscard]] constexpr Side other_side(Side side) {
    return side == Side::Caller ? Side::Callee : Side::Caller;
}

// Why a call is over; the first cause counts.
enum class EndCause : std::uint8_t {
    None,
    CallerHungUp,
    CalleeHungUp,
    CallerCancelled,
    CalleeRefused,
    NoAnswer,
    NoAck,
    NoPrack,
    SessionExpired,
    DialogLost,
    TransportFailed,
    NoResources,
    DataplaneLost,
};

[[nodiscard]] std::string_view cause_text(EndCause cause);

// A reliable provisional response that a leg sent to its peer and that waits for PRACK
// (RFC 3262), with the numbers of the one it stands for on the other leg.
struct ReliableProvisional {
    transaction::ServerHandle invite; // set while it waits
    std::uint32_t rseq = 0;           // ours, the last one sent; 0 = none yet
    std::uint32_t cseq = 0;           // of the INVITE it answers
    std::uint32_t peer_rseq = 0;      // as received on the other leg
    std::uint32_t peer_cseq = 0;
};

// Whose offer waits for an answer (RFC 3264).
struct OfferState {
    bool outstanding = false;
    Side offerer = Side::Caller;
};

// One dialog (RFC 3261 section 12). "Local" is the switch.
struct Leg {
    CallHandle call;
    LegHandle next;        // of the same call
    LegHandle peer;        // the dialog on the other side; not set: no response has made one yet
    AttemptHandle attempt; // callee side, early: the INVITE it comes from
    Side side = Side::Caller;
    LegState state = LegState::Idle;
    bool has_remote_cseq = false;
    bool ack_held = false; // callee side: its 2xx waits for the body of the caller's ACK
    std::uint8_t exchanges = 0;
    Device device;
    transaction::Flow flow; // where its requests go, and from where
    std::uint32_t local_cseq = 0;
    std::uint32_t remote_cseq = 0;
    std::uint32_t invite_cseq = 0;           // of the INVITE that made the dialog
    std::uint32_t last_rseq = 0;             // callee side: of its last reliable provisional
    transaction::ClientHandle invite_client; // callee side: takes our ACK of the 2xx
    OfferState offer;                        // caller side: of the pair, see offer.hpp
    ReliableProvisional reliable;
    Text call_id;
    Text local_tag;
    Text remote_tag;
    Text local_party;   // From or To without tag
    Text remote_party;  // likewise
    Text remote_target; // URI
    Text route_set;     // elements of Route joined by ",", in the order of use
    Text contact_user;  // user part of our Contact
};

// An INVITE sent to one contact, until its final response.
struct Attempt {
    CallHandle call;
    AttemptHandle next;
    AttemptState state = AttemptState::Calling;
    bool elsewhere = false; // cancelled because another contact answered
    transaction::ClientHandle client;
    transaction::Flow flow;
    Device device;
    std::uint32_t cseq = 0;
    Text call_id;
    Text local_tag;
    Text local_party;
    Text remote_party;
    Text request_uri;
    Text contact_user;
    base::TimerNode give_up_timer; // after a CANCEL (RFC 3261 section 9.1)
};

// A request inside a dialog, relayed from one leg to the other.
struct Exchange {
    CallHandle call;
    ExchangeHandle next;
    LegHandle from;
    LegHandle to;
    ExchangeState state = ExchangeState::Waiting;
    sipparse::Method method = sipparse::Method::Other;
    bool has_offer = false;       // its body is an offer
    bool has_provisional = false; // the other side has answered something
    bool cancel_wanted = false;
    bool cancel_sent = false;
    bool ack_held = false;        // a re-INVITE without offer: its answer comes with the ACK
    bool timer_supported = false; // the sender's Supported has timer (RFC 4028)
    std::uint32_t client_cseq = 0;
    std::uint32_t server_cseq = 0;
    std::uint32_t session_expires_s = 0; // as sent on; 0 = none
    std::uint32_t last_rseq = 0;
    transaction::ServerHandle server;
    transaction::ClientHandle client;
    Text head;                     // of the response
    Text new_target;               // Contact of the request, valid once it is accepted
    base::TimerNode give_up_timer; // after a CANCEL (RFC 3261 section 9.1)
};

// The best failure so far of several attempts (RFC 3261 section 16.7 step 6).
struct BestFailure {
    std::uint16_t status_code = 0; // 0 = none
    bool from_callee = false;      // else nobody answered
    Text message;                  // the whole response when it was stored
};

struct CallTimes {
    base::WallNs started_ns = 0;
    base::WallNs ringing_ns = 0;
    base::WallNs answered_ns = 0;
    base::WallNs ended_ns = 0;
};

// Meaning of a timer node; its owner is the packed handle of the object it lies in.
enum class CallTimer : std::uint32_t { NoAnswer, Session, Ending, AttemptGiveUp, ExchangeGiveUp };

struct Call {
    std::uint64_t id = 0;
    Version version; // of the call with its legs, attempts and exchanges
    CallState state = CallState::Ringing;
    EndCause cause = EndCause::None;
    std::uint16_t final_status = 0; // what the caller got
    bool caller_seat = false;       // counted in the directory
    bool callee_seat = false;
    bool invite_open = false; // the caller's INVITE has no final response
    bool invite_has_offer = false;
    bool caller_supports_100rel = false;
    bool caller_supports_timer = false;
    Device caller;
    Device callee;
    transaction::ServerHandle invite;
    std::uint32_t invite_cseq = 0;
    std::uint32_t session_expires_s = 0;  // offered with the INVITE; 0 = none
    std::uint32_t session_interval_s = 0; // agreed; 0 = no session timer
    std::uint32_t attempts_made = 0;
    Text head; // of responses to the INVITE
    Text caller_number;
    Text dialled;
    LegHandle legs; // first of the list
    LegHandle caller_leg;
    LegHandle callee_leg; // the one that answered
    AttemptHandle attempts;
    ExchangeHandle exchanges;
    BestFailure best;
    CallTimes times;
    std::uint64_t leg_hashes[2] = {}; // of the Call-IDs of caller and callee, as notes have them
    base::TimerNode no_answer_timer;
    base::TimerNode session_timer;
    base::TimerNode ending_timer;
};

} // namespace tandem::controlplane
