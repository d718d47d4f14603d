// SPDX-License-Identifier: Apache-2.0
//
// Writes the request anew in the dialog of the other leg and remembers who waits for the answer.
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/exchange.hpp"
#include "controlplane/core/call/offer.hpp"
#include "controlplane/core/call/reply.hpp"
#include "controlplane/core/call/write_request.hpp"
#include "controlplane/core/refuse.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;
using sipparse::Method;

bool refreshes_target(Method method) {
    return method == Method::Invite || method == Method::Update;
}

void write_rack(sipparse::MessageWriter& writer, const ReliableProvisional& reliable) {
    writer.begin_header(HeaderId::RAck);
    writer.value(std::uint64_t{reliable.peer_rseq});
    writer.value(" ");
    writer.value(std::uint64_t{reliable.peer_cseq});
    writer.value(" INVITE");
    writer.end_header();
}

bool fill_exchange(CoreState& core, ExchangeHandle handle, const RelayPlan& plan) {
    auto& exchange = *core.exchanges.get(handle);
    const auto& view = plan.request.message.view;
    auto& from = *core.legs.get(plan.from);
    exchange.from = plan.from;
    exchange.to = from.peer;
    ++from.exchanges;
    ++core.legs.get(from.peer)->exchanges;
    exchange.method = view.method();
    exchange.has_offer = !view.body().empty();
    exchange.server_cseq = view.cseq_number();
    if (plan.session != nullptr) {
        exchange.session_expires_s = plan.session->expires_s;
        exchange.timer_supported = plan.session->timer_supported;
    }
    if (exchange.method == Method::Invite) {
        if (!register_invite(core, plan.request.transaction, handle)) {
            core.counters.add(CoreCounter::PoolFullExchanges);
            return false;
        }
    }
    exchange.server = plan.request.transaction;
    return keep_head(core, plan.request, exchange.head) &&
           (!refreshes_target(exchange.method) ||
            keep_text(core, contact_uri(view), exchange.new_target));
}

bool send_exchange(CoreState& core, ExchangeHandle handle, const RelayPlan& plan) {
    auto& exchange = *core.exchanges.get(handle);
    exchange.client = take_slot(core, SlotUse::NewWork);
    if (!exchange.client.is_set()) {
        return false;
    }
    auto& to = *core.legs.get(exchange.to);
    exchange.client_cseq = ++to.local_cseq;
    const auto& view = plan.request.message.view;
    const auto dialog = view_of(core, to);
    const BranchText branch(core, exchange.client);
    sipparse::MessageWriter writer(core.effects.message_buffer());
    write_head(writer,
               dialog,
               {.method = exchange.method,
                .cseq = exchange.client_cseq,
                .branch = branch.text(),
                .max_forwards = next_max_forwards(view)});
    // A NOTIFY needs a Contact too (RFC 6665 section 8.2), though it moves no target here.
    if (refreshes_target(exchange.method) || exchange.method == Method::Notify) {
        write_contact(writer, dialog);
        writer.header(HeaderId::Allow, kAllowedMethods);
    }
    if (plan.reliable != nullptr) {
        write_rack(writer, *plan.reliable);
    }
    write_option_tags(writer, view);
    if (plan.session != nullptr) {
        write_session_request(writer, *plan.session);
    }
    write_relayed(writer, view, core.legs.get(exchange.from)->device);
    return send_request(core,
                        writer,
                        {.client = exchange.client,
                         .cancelled = {},
                         .owner = Owner::of(OwnerKind::Exchange, handle),
                         .flow = to.flow});
}

} // namespace

void relay_request(CoreState& core, const RelayPlan& plan) {
    core.visits.visit(base::Stage::RelayRequest);
    auto& from = *core.legs.get(plan.from);
    const auto* to = core.legs.get(from.peer);
    if (to == nullptr || to->state == LegState::Gone) {
        return refuse_request(core,
                              plan.request,
                              Refusal(481, "Call/Transaction Does Not Exist"),
                              CoreCounter::RefusedUnknownDialog);
    }
    if (from.exchanges >= kExchangesPerLegMax) {
        return refuse_request(core,
                              plan.request,
                              retry_later(core, "Too Many Requests In Dialog"),
                              CoreCounter::RefusedTooManyRequests);
    }
    const auto handle = create_exchange(core, from.call);
    if (!handle.is_set()) {
        return refuse_unavailable(core, plan.request);
    }
    if (!fill_exchange(core, handle, plan) || !send_exchange(core, handle, plan)) {
        destroy_exchange(core, handle);
        return refuse_unavailable(core, plan.request);
    }
    const auto method = plan.request.message.view.method();
    if (refreshes_target(method) || method == Method::Prack) {
        take_offer_answer(core, from, plan.request.message.view);
    }
}

} // namespace tandem::controlplane
