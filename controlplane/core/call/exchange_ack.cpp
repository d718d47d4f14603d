// SPDX-License-Identifier: Apache-2.0
//
// What ends an exchange from the sender's side: the ACK of its re-INVITE, its CANCEL, or the end of
// the call.
#include "controlplane/core/call/ack.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/cancel.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/exchange.hpp"
#include "controlplane/core/call/offer.hpp"
#include "controlplane/core/call/reliable.hpp"
#include "controlplane/core/call/reply.hpp"

namespace tandem::controlplane {

namespace {

void release_held_ack(CoreState& core, Exchange& exchange, const sipparse::MessageView* ack) {
    if (!exchange.ack_held) {
        return;
    }
    exchange.ack_held = false;
    const auto dialog = view_of(core, *core.legs.get(exchange.to));
    ack_success(core,
                {.dialog = dialog,
                 .invite = exchange.client,
                 .cseq = exchange.client_cseq,
                 .body_of = ack});
}

void send_cancel_of(CoreState& core, Exchange& exchange) {
    const auto dialog = view_of(core, *core.legs.get(exchange.to));
    exchange.cancel_sent = send_cancel(
        core,
        {.dialog = dialog, .invite = exchange.client, .cseq = exchange.client_cseq, .reason = {}});
}

} // namespace

void take_exchange_ack(CoreState& core, ExchangeHandle handle, const sipparse::MessageView* ack) {
    core.visits.visit(base::Stage::ExchangeAck);
    auto& exchange = *core.exchanges.get(handle);
    if (exchange.state != ExchangeState::AwaitingAck) {
        return;
    }
    const auto call_handle = exchange.call;
    if (ack != nullptr) {
        take_offer_answer(core, *core.legs.get(exchange.from), *ack);
    }
    release_held_ack(core, exchange, ack);
    settle_offer(core, *core.legs.get(exchange.from));
    exchange.state = next_state(exchange.state, ExchangeEvent::Ack);
    destroy_exchange(core, handle);
    finish_if_drained(core, call_handle);
}

void cancel_exchange(CoreState& core, ExchangeHandle handle) {
    auto& exchange = *core.exchanges.get(handle);
    if (exchange.state != ExchangeState::Waiting || exchange.cancel_wanted) {
        return;
    }
    exchange.cancel_wanted = true;
    core.timers.arm(exchange.give_up_timer, core.now.monotonic_ns + kGiveUpNs);
    if (exchange.has_provisional) {
        send_cancel_of(core, exchange);
    }
}

void abandon_exchange(CoreState& core, ExchangeHandle handle) {
    auto* exchange = core.exchanges.get(handle);
    if (exchange == nullptr) {
        return;
    }
    const auto before = exchange->state;
    if (before == ExchangeState::Waiting) {
        // RFC 3261 section 15.1.2: pending requests of a dialog that ends.
        if (auto* from = core.legs.get(exchange->from);
            from != nullptr && from->reliable.invite == exchange->server) {
            stop_repeating(core, *from);
        }
        reply(core,
              {.transaction = exchange->server,
               .head = &exchange->head,
               .status_code = 487,
               .reason = "Request Terminated"});
        core.timers.arm(exchange->give_up_timer, core.now.monotonic_ns + kGiveUpNs);
    }
    release_held_ack(core, *exchange, nullptr);
    exchange->state = next_state(before, ExchangeEvent::Abandon);
    if (exchange->state == ExchangeState::Done) {
        destroy_exchange(core, handle);
    }
}

void abandon_exchanges_of(CoreState& core, LegHandle leg) {
    const auto* owner = core.legs.get(leg);
    const auto* call = owner != nullptr ? core.calls.get(owner->call) : nullptr;
    if (call == nullptr) {
        return;
    }
    for_each_in_list(core.exchanges, call->exchanges, [&](ExchangeHandle handle, Exchange& each) {
        if (each.from == leg || each.to == leg) {
            abandon_exchange(core, handle);
        }
    });
}

} // namespace tandem::controlplane
