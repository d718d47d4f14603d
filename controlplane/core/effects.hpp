// SPDX-License-Identifier: Apache-2.0
//
// What a step of the core does to the world, as an interface the caller of step() implements: io/
// writes into the command ring, tests and the benchmark keep what they need. A SIP message is
// written in place: message_buffer() gives the room, and the next send_*() call commits the first
// `bytes` characters of it. Calls never fail: the caller makes sure before the step that
// kStepEffectsBytesMax fit, and leaves the input where it is when they do not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/endpoint.hpp"
#include "base/time.hpp"
#include "transaction/names.hpp"

namespace tandem::controlplane {

// The most one step may write to the command ring: 16 forks of a full-sized INVITE and the
// answers that belong to them.
constexpr std::size_t kStepEffectsBytesMax = 2U << 20U;

struct RequestOut {
    transaction::ClientHandle transaction;
    transaction::ClientHandle invite; // of a CANCEL: the INVITE it cancels
    std::uint64_t user = 0;
    transaction::Flow flow;
};

struct ResponseOut {
    transaction::ServerHandle transaction;
    std::uint16_t status_code = 0;
    bool reliable = false; // repeat until stop_repeating() (RFC 3262 section 3)
    std::uint32_t rseq = 0;
};

struct AckOut {
    transaction::ClientHandle invite; // not set: sent once and not remembered
    transaction::Flow flow;
};

// A binding that came, changed or went: for the journal and the peer, and the whole of what
// BindingInput needs to make it again. A DN and the text of a Contact name a binding; one that
// comes again is the newest of its DN. Views live until the call returns.
struct BindingChange {
    std::string_view number;
    std::string_view contact_uri;   // without angle brackets
    std::uint64_t call_id_hash = 0; // call_id_hash() of the REGISTER
    base::Endpoint flow;            // where requests to it are sent
    base::Endpoint source;          // where the REGISTER came from
    std::uint32_t cseq = 0;
    bool via_source = false;          // nat-contact chose the source as flow
    base::WallNs expires_wall_ns = 0; // 0 = removed
};

class Effects {
  public:
    Effects() = default;
    Effects(const Effects&) = delete;
    Effects& operator=(const Effects&) = delete;
    virtual ~Effects() = default;

    // Room for one message of up to sipparse::kMessageBytesMax; valid until the next call.
    virtual std::span<char> message_buffer() = 0;

    virtual void send_request(const RequestOut& request, std::size_t bytes) = 0;
    virtual void send_response(const ResponseOut& response, std::size_t bytes) = 0;
    virtual void send_ack(const AckOut& ack, std::size_t bytes) = 0;
    virtual void stop_repeating(transaction::ServerHandle transaction, std::uint32_t rseq) = 0;
    virtual void return_slot(transaction::ClientHandle slot) = 0;

    virtual void binding_changed(const BindingChange& change) = 0;
};

} // namespace tandem::controlplane
