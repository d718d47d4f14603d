// SPDX-License-Identifier: Apache-2.0
//
// One call as its two phones know it: who they are, what each has learnt from the switch, and where
// each stands. Names (tags, branches, Call-ID) are made from slot and salt, so that whatever comes
// back leads to its call without a search. One thread.
//
//   caller                                          callee
//   Inviting  ── 100 ──▶ Trying                     Idle    ── INVITE / 100 ──▶ Invited
//   Trying    ── 180 ──▶ Ringing                    Invited ── after ring / 180 ──▶ Ringing
//   Ringing   ── 200 / ACK ──▶ Talking              Ringing ── after answer / 200 ──▶ Answered
//                                                   Answered ── ACK ──▶ Talking
//   both:  Talking ── after talk / BYE ──▶ Leaving ── 200 ──▶ Done      (the one that hangs up)
//          Talking ── BYE / 200 ──▶ Done                                (the other one)
//
// The switch may leave out its 100 (RFC 3261 17.2.1): Inviting ── 180 ──▶ Ringing as well, counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bench/load/directory.hpp"
#include "bench/load/schedule.hpp"
#include "bench/load/text.hpp"

namespace tandem::bench::load {

enum class CallerState : std::uint8_t { Inviting, Trying, Ringing, Talking, Leaving, Done };
enum class CalleeState : std::uint8_t { Idle, Invited, Ringing, Answered, Talking, Leaving, Done };

[[nodiscard]] std::string_view name_of(CallerState state);
[[nodiscard]] std::string_view name_of(CalleeState state);

enum class Side : char { Caller = 'a', Callee = 'b' };

struct Call {
    // Chosen at the start.
    bool in_use = false;
    CallName name;
    std::uint64_t serial = 0;
    std::uint32_t caller = 0; // phones
    std::uint32_t callee = 0;
    Place caller_place; // fresh ports: sent-by, Contact and source of this call
    Place callee_place;
    std::uint32_t cseq = 0; // of the caller's INVITE; its BYE has the next one
    bool caller_hangs_up = false;
    bool routed = false; // both phones sit behind a proxy that records a route

    CallerState caller_state = CallerState::Inviting;
    CalleeState callee_state = CalleeState::Idle;

    // What the caller learnt.
    KeptText<64> caller_remote_tag;
    KeptText<128> caller_target; // URI of the Contact of the 2xx

    // What the callee learnt.
    std::uint32_t invite_cseq = 0;
    KeptText<160> invite_via;
    KeptText<96> callee_call_id;
    KeptText<64> callee_remote_tag;
    KeptText<128> callee_target;

    [[nodiscard]] bool is_done() const {
        return caller_state == CallerState::Done && callee_state == CalleeState::Done;
    }

    [[nodiscard]] const Place& place(Side side) const {
        return side == Side::Caller ? caller_place : callee_place;
    }

    [[nodiscard]] std::uint32_t phone(Side side) const {
        return side == Side::Caller ? caller : callee;
    }
};

// Texts that follow from the name; equal calls give equal texts.
void write_tag(TextWriter& out, Side side, const CallName& name);
void write_branch(TextWriter& out, Side side, char request, const CallName& name);
void write_call_id(TextWriter& out, const Call& call); // of the caller's dialog
void write_aor(TextWriter& out, std::uint32_t phone);
void write_contact_uri(TextWriter& out, const Call& call, Side side);
void write_route(TextWriter& out, const Call& call, Side side); // of the proxy of that side
void write_sdp(TextWriter& out, const Call& call, Side side);

struct TagName {
    Side side = Side::Caller;
    CallName name;
};

// Of a tag, or of a branch behind its cookie, that write_tag() or write_branch() made.
[[nodiscard]] std::optional<TagName> parse_tag(std::string_view tag);
[[nodiscard]] std::optional<TagName> parse_branch(std::string_view branch);
// Of a body that write_sdp() made.
[[nodiscard]] std::optional<CallName> parse_sdp(std::string_view body);

} // namespace tandem::bench::load
