// SPDX-License-Identifier: Apache-2.0
//
// Every message a phone sends, written from what it knows of its call. Decides nothing: the states
// (caller.cpp, callee.cpp) do. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "bench/load/call.hpp"
#include "bench/load/text.hpp"

namespace tandem::bench::load {

// The caller's.
void write_invite(TextWriter& out, const Call& call);
void write_ack(TextWriter& out, const Call& call);

// The callee's answer to its INVITE.
void write_invite_response(TextWriter& out, const Call& call, std::uint16_t status);

// Of either side, in its dialog.
void write_bye(TextWriter& out, const Call& call, Side side);

// The 200 to a BYE: what RFC 3261 8.2.6.2 copies, as it came.
struct EchoedHeaders {
    std::string_view via;
    std::string_view from;
    std::string_view to;
    std::string_view call_id;
    std::string_view cseq;
};

void write_bye_response(TextWriter& out, const EchoedHeaders& request);

// A REGISTER of a phone: the same Call-ID each time, CSeq rising.
struct Registration {
    std::uint32_t phone = 0;
    std::uint32_t cseq = 1;
    std::uint32_t salt = 0; // of this transaction: branch and From tag
};

constexpr std::uint32_t kRegistrationExpiresS = 3'600;

void write_register_branch(TextWriter& out, const Registration& registration);
void write_register_call_id(TextWriter& out, std::uint32_t phone);
void write_register_contact(TextWriter& out, std::uint32_t phone);
void write_register(TextWriter& out, const Registration& registration);

} // namespace tandem::bench::load
