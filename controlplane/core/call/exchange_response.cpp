// SPDX-License-Identifier: Apache-2.0
//
// The answer of a relayed request goes back to its sender. An accepted INVITE or UPDATE moves the
// remote targets, the session timer and the offer; a refused one leaves the call as it was.
#include "controlplane/core/call/ack.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/cancel.hpp"
#include "controlplane/core/call/choose_failure.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/exchange.hpp"
#include "controlplane/core/call/offer.hpp"
#include "controlplane/core/call/reliable.hpp"
#include "controlplane/core/call/reply.hpp"
#include "controlplane/core/call/write_request.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;
using sipparse::MessageView;
using sipparse::Method;

bool is_target_refresh(const Exchange& exchange) {
    return exchange.method == Method::Invite || exchange.method == Method::Update;
}

// A final response closes what its request opened. The 2xx of an INVITE may be an offer itself,
// settled by the ACK; a failed INVITE leaves nothing of either side (RFC 3261 section 14.1). The
// offer of an UPDATE or PRACK is over with its response, whatever that says.
void close_offer(CoreState& core, const Exchange& exchange, const MessageView* success) {
    auto& from = *core.legs.get(exchange.from);
    if (exchange.method == Method::Invite) {
        if (success != nullptr) {
            take_offer_answer(core, *core.legs.get(exchange.to), *success);
        } else {
            settle_offer(core, from);
        }
    } else if ((exchange.method == Method::Update || exchange.method == Method::Prack) &&
               exchange.has_offer) {
        take_back_offer(core, from);
    }
}

void relay_provisional(CoreState& core, Exchange& exchange, const MessageView& view) {
    auto& from = *core.legs.get(exchange.from);
    auto& to = *core.legs.get(exchange.to);
    ReplyHeaders headers;
    headers.add_contact(core.texts.view(from.contact_user), from.flow.local);
    Reply parts{.transaction = exchange.server,
                .head = &exchange.head,
                .status_code = view.status_code(),
                .reason = view.reason(),
                .headers = &headers,
                .body_of = &view};
    if (const auto rseq = reliable_rseq(view)) {
        if (!is_next_reliable(exchange.last_rseq, *rseq) ||
            waits_for_prack(from, exchange.server)) {
            return;
        }
        exchange.last_rseq = *rseq;
        take_offer_answer(core, to, view);
        parts.reliable = true;
        parts.rseq = note_reliable(core,
                                   from,
                                   {.invite = exchange.server,
                                    .cseq = exchange.server_cseq,
                                    .peer_rseq = *rseq,
                                    .peer_cseq = exchange.client_cseq});
        headers.compose_number(HeaderId::RSeq, parts.rseq);
        headers.add(HeaderId::Require, "100rel");
    }
    headers.add_relayed(view, to.device);
    reply(core, parts);
}

void take_provisional_of_invite(CoreState& core, Exchange& exchange, const MessageView& view) {
    const bool first = !exchange.has_provisional;
    exchange.has_provisional = true;
    if (first && exchange.cancel_wanted && !exchange.cancel_sent) {
        const auto dialog = view_of(core, *core.legs.get(exchange.to));
        exchange.cancel_sent = send_cancel(core,
                                           {.dialog = dialog,
                                            .invite = exchange.client,
                                            .cseq = exchange.client_cseq,
                                            .reason = {}});
    }
    if (exchange.state == ExchangeState::Waiting && view.status_code() > 100) {
        relay_provisional(core, exchange, view);
    }
}

void accept_refresh(CoreState& core,
                    Exchange& exchange,
                    const MessageView& view,
                    ReplyHeaders& headers) {
    auto& call = *core.calls.get(exchange.call);
    auto& from = *core.legs.get(exchange.from);
    auto& to = *core.legs.get(exchange.to);
    refresh_target(core, from, core.texts.view(exchange.new_target));
    refresh_target(core, to, contact_uri(view));
    headers.add_contact(core.texts.view(from.contact_user), from.flow.local);
    headers.add(HeaderId::Allow, kAllowedMethods);
    take_session_answer(
        core,
        call,
        {.offered_s = exchange.session_expires_s, .timer_supported = exchange.timer_supported},
        view,
        headers);
}

void stop_repeating_of(CoreState& core, const Exchange& exchange) {
    if (exchange.method == Method::Invite) {
        stop_repeating(core, *core.legs.get(exchange.from));
    }
}

void relay_final(CoreState& core, Exchange& exchange, const MessageView& view) {
    const auto& to = *core.legs.get(exchange.to);
    const bool success = view.status_code() < 300;
    stop_repeating_of(core, exchange);
    ReplyHeaders headers;
    if (success && is_target_refresh(exchange)) {
        accept_refresh(core, exchange, view, headers);
    }
    close_offer(core, exchange, success ? &view : nullptr);
    headers.add_relayed(view, to.device);
    const auto shown = shown_failure(view.status_code());
    reply(core,
          {.transaction = exchange.server,
           .head = &exchange.head,
           .status_code = shown.status_code,
           .reason = shown.status_code == view.status_code() ? view.reason() : shown.reason,
           .headers = &headers,
           .body_of = &view});
}

// RFC 3261 section 12.2.1.2: the dialog is gone on the other side.
bool loses_dialog(const CoreState& core, const Exchange& exchange, std::uint16_t status) {
    const auto state = core.calls.get(exchange.call)->state;
    const bool early = state == CallState::Ringing;
    // RFC 3262 section 3: 481 to a PRACK is about the provisional response it names.
    const bool gone = status == 481 && exchange.method != Method::Prack;
    return !early && (gone || status == 408);
}

void end_lost_dialog(CoreState& core, CallHandle call, std::uint16_t status) {
    end_call(core,
             call,
             {.cause = EndCause::DialogLost,
              .bye_reason = status == 481 ? "SIP;cause=481;text=\"Dialog lost\""
                                          : "SIP;cause=408;text=\"Peer does not answer\""});
}

void take_final_refusal(CoreState& core, ExchangeHandle handle, const ResponseInput& response) {
    auto& exchange = *core.exchanges.get(handle);
    const auto call = exchange.call;
    const auto& view = response.message.view;
    if (exchange.method == Method::Invite) {
        const auto dialog = view_of(core, *core.legs.get(exchange.to));
        ack_refusal(core, dialog, exchange.client_cseq, response);
    }
    const bool waiting = exchange.state == ExchangeState::Waiting;
    if (waiting) {
        relay_final(core, exchange, view);
    }
    const bool lost = waiting && loses_dialog(core, exchange, view.status_code());
    exchange.state = next_state(exchange.state, ExchangeEvent::Final);
    destroy_exchange(core, handle);
    if (lost) {
        end_lost_dialog(core, call, view.status_code());
    }
    finish_if_drained(core, call);
}

void take_invite_success(CoreState& core, ExchangeHandle handle, const ResponseInput& response) {
    auto& exchange = *core.exchanges.get(handle);
    const auto call = exchange.call;
    if (exchange.state == ExchangeState::Waiting) {
        relay_final(core, exchange, response.message.view);
    }
    exchange.state = next_state(exchange.state, ExchangeEvent::SuccessOfInvite);
    core.timers.cancel(exchange.give_up_timer);
    exchange.ack_held = exchange.state == ExchangeState::AwaitingAck && !exchange.has_offer;
    if (!exchange.ack_held) {
        const auto dialog = view_of(core, *core.legs.get(exchange.to));
        ack_success(core,
                    {.dialog = dialog, .invite = exchange.client, .cseq = exchange.client_cseq});
    }
    if (exchange.state == ExchangeState::Done) {
        destroy_exchange(core, handle);
        finish_if_drained(core, call);
    }
}

} // namespace

void take_exchange_response(CoreState& core, ExchangeHandle handle, const ResponseInput& response) {
    core.visits.visit(base::Stage::ExchangeResponse);
    auto& exchange = *core.exchanges.get(handle);
    const auto& view = response.message.view;
    const bool is_invite = exchange.method == Method::Invite;
    if (exchange.state == ExchangeState::AwaitingAck) {
        return; // a 2xx with another To-tag cannot be inside a dialog
    }
    if (view.status_code() < 200) {
        if (is_invite) {
            take_provisional_of_invite(core, exchange, view);
        }
        return;
    }
    if (view.status_code() >= 300) {
        return take_final_refusal(core, handle, response);
    }
    if (is_invite) {
        return take_invite_success(core, handle, response);
    }
    if (exchange.state == ExchangeState::Waiting) {
        relay_final(core, exchange, view);
    }
    const auto call = exchange.call;
    destroy_exchange(core, handle);
    finish_if_drained(core, call);
}

void fail_exchange(CoreState& core, ExchangeHandle handle, std::uint16_t status_code) {
    core.visits.visit(base::Stage::ExchangeResponse);
    auto& exchange = *core.exchanges.get(handle);
    const auto call_handle = exchange.call;
    const bool waiting = exchange.state == ExchangeState::Waiting;
    if (waiting) {
        stop_repeating_of(core, exchange);
        close_offer(core, exchange, nullptr);
        reply(core,
              {.transaction = exchange.server,
               .head = &exchange.head,
               .status_code = status_code,
               .reason = status_code == 408   ? "Request Timeout"
                         : status_code == 487 ? "Request Terminated"
                                              : "Service Unavailable"});
    }
    const bool lost = waiting && loses_dialog(core, exchange, status_code);
    destroy_exchange(core, handle);
    if (lost) {
        end_lost_dialog(core, call_handle, status_code);
    }
    finish_if_drained(core, call_handle);
}

} // namespace tandem::controlplane
