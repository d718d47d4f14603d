// SPDX-License-Identifier: Apache-2.0
//
// CANCEL, ACK and timeouts: found by the server transaction of their INVITE, or by the owner that
// was named with the request.
#include "controlplane/core/receive_other.hpp"

#include <array>

#include "controlplane/core/answer.hpp"
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/exchange.hpp"
#include "controlplane/core/call/in_dialog.hpp"
#include "controlplane/core/call/write_request.hpp"

namespace tandem::controlplane {

namespace {

using transaction::ServerHandle;
using transaction::TimeoutKind;

constexpr std::size_t kTagDigits = 16;

// RFC 3261 section 9.2: the tag is that of the response to the INVITE, where that is known.
void answer_cancel(CoreState& core, const CancelInput& cancel, std::string_view to_tag) {
    const RequestInput request{.transaction = cancel.transaction, .message = cancel.message};
    std::array<char, kTagDigits> any_tag{};
    if (to_tag.empty()) {
        core.random.fill_hex(any_tag);
        to_tag = {any_tag.data(), any_tag.size()};
    }
    if (!answer(request, {.status_code = 200, .reason = "OK", .to_tag = to_tag}, core.effects)) {
        core.counters.add(CoreCounter::MessagesTooLong);
    }
}

void no_ack(CoreState& core, ServerHandle invite) {
    core.counters.add(CoreCounter::AckTimeouts);
    const auto owner = find_invite(core, invite);
    if (core.calls.get(owner.call) != nullptr) {
        touch(core, owner.call);
        return take_caller_ack(core, owner.call, nullptr);
    }
    if (const auto* exchange = core.exchanges.get(owner.exchange)) {
        const auto call = exchange->call;
        touch(core, call);
        take_exchange_ack(core, owner.exchange, nullptr);
        end_call(
            core, call, {.cause = EndCause::NoAck, .bye_reason = "SIP;cause=408;text=\"No ACK\""});
    }
}

// RFC 3262 section 3: the INVITE is rejected with a 5xx.
void no_prack(CoreState& core, ServerHandle invite) {
    core.counters.add(CoreCounter::PrackTimeouts);
    const auto owner = find_invite(core, invite);
    if (const auto* call = core.calls.get(owner.call)) {
        if (call->invite_open) {
            touch(core, owner.call);
            end_call(core,
                     owner.call,
                     {.cause = EndCause::NoPrack, .status_code = 504, .reason = "Server Time-out"});
        }
        return;
    }
    if (const auto* exchange = core.exchanges.get(owner.exchange)) {
        touch(core, exchange->call);
        cancel_exchange(core, owner.exchange);
    }
}

void no_final(CoreState& core, std::uint64_t user, bool sent) {
    core.counters.add(sent ? CoreCounter::ClientTimeouts : CoreCounter::TransportFailures);
    const auto owner = Owner::unpack(user);
    const auto attempt_handle = owner.handle<AttemptHandle>();
    const auto exchange_handle = owner.handle<ExchangeHandle>();
    const auto leg_handle = owner.handle<LegHandle>();
    if (owner.kind == OwnerKind::Attempt) {
        if (const auto* attempt = core.attempts.get(attempt_handle)) {
            const std::uint16_t unsent = attempt->device.trunk ? 503 : 480;
            touch(core, attempt->call);
            fail_attempt(core, attempt_handle, sent ? std::uint16_t{408} : unsent);
        }
    } else if (owner.kind == OwnerKind::Exchange) {
        if (const auto* exchange = core.exchanges.get(exchange_handle)) {
            touch(core, exchange->call);
            fail_exchange(core, exchange_handle, sent ? 408 : 503);
        }
    } else if (owner.kind == OwnerKind::Leg) {
        if (const auto* leg = core.legs.get(leg_handle)) {
            touch(core, leg->call);
            leg_finished(core, leg_handle);
        }
    }
}

void response_lost(CoreState& core, ServerHandle transaction) {
    core.counters.add(CoreCounter::TransportFailures);
    const auto owner = find_invite(core, transaction);
    const auto* call = core.calls.get(owner.call);
    if (call != nullptr && call->state != CallState::Established) {
        touch(core, owner.call);
        end_call(core,
                 owner.call,
                 {.cause = EndCause::TransportFailed,
                  .status_code = 500,
                  .reason = "Server Internal Error"});
    }
}

} // namespace

void receive_cancel(CoreState& core, const CancelInput& cancel) {
    core.visits.visit(base::Stage::ReceiveOther);
    const auto owner = find_invite(core, cancel.invite);
    if (const auto* call = core.calls.get(owner.call)) {
        const auto* leg = core.legs.get(call->caller_leg);
        answer_cancel(
            core, cancel, leg != nullptr ? core.texts.view(leg->local_tag) : std::string_view{});
        touch(core, owner.call);
        return cancel_call(core, owner.call);
    }
    answer_cancel(core, cancel, {});
    if (const auto* exchange = core.exchanges.get(owner.exchange)) {
        touch(core, exchange->call);
        return cancel_exchange(core, owner.exchange);
    }
    core.counters.add(CoreCounter::CancelsWithoutOwner);
}

void receive_ack(CoreState& core, const AckInput& ack) {
    core.visits.visit(base::Stage::ReceiveOther);
    const auto owner = find_invite(core, ack.invite);
    if (core.calls.get(owner.call) != nullptr) {
        touch(core, owner.call);
        return take_caller_ack(core, owner.call, &ack.message.view);
    }
    if (const auto* exchange = core.exchanges.get(owner.exchange)) {
        touch(core, exchange->call);
        return take_exchange_ack(core, owner.exchange, &ack.message.view);
    }
    core.counters.add(CoreCounter::AcksWithoutOwner);
}

void receive_timeout(CoreState& core, const TimeoutInput& timeout) {
    core.visits.visit(base::Stage::ReceiveOther);
    switch (timeout.kind) {
    case TimeoutKind::ClientFinal:
        return no_final(core, timeout.user, true);
    case TimeoutKind::TransportClient:
        return no_final(core, timeout.user, false);
    case TimeoutKind::TwoXxAck:
        return no_ack(core, ServerHandle::unpack(timeout.handle));
    case TimeoutKind::ReliableProvisional:
        return no_prack(core, ServerHandle::unpack(timeout.handle));
    case TimeoutKind::TransportServer:
        return response_lost(core, ServerHandle::unpack(timeout.handle));
    case TimeoutKind::ServerAck:
        // A refusal whose ACK never came leaves nothing behind (RFC 3261 section 17.2.1).
        return core.counters.add(CoreCounter::AckTimeouts);
    }
}

} // namespace tandem::controlplane
