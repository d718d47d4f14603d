// SPDX-License-Identifier: Apache-2.0
//
// RFC 3262 section 3: a PRACK must name the reliable provisional response that waits. It ends the
// repetition here and goes on as a PRACK of the callee's response.
#include "controlplane/core/call/exchange.hpp"
#include "controlplane/core/call/in_dialog.hpp"
#include "controlplane/core/call/reliable.hpp"
#include "controlplane/core/refuse.hpp"
#include "sipparse/rack.hpp"

namespace tandem::controlplane {

void receive_prack(CoreState& core, const RequestInput& request, LegHandle handle) {
    core.visits.visit(base::Stage::ReceivePrack);
    auto& leg = *core.legs.get(handle);
    const auto value = request.message.view.find(sipparse::HeaderId::RAck);
    const auto rack = value ? sipparse::parse_rack(*value) : std::nullopt;
    if (!rack) {
        return refuse_request(core,
                              request,
                              Refusal(400, value ? "Malformed RAck" : "Missing RAck"),
                              CoreCounter::RefusedMalformed);
    }
    // A PRACK that crosses our final response finds the repetition ended; its numbers still count.
    const bool names_ours = leg.reliable.rseq != 0 && rack->rseq == leg.reliable.rseq &&
                            rack->cseq_number == leg.reliable.cseq &&
                            rack->method == sipparse::Method::Invite;
    if (!names_ours) {
        return refuse_request(core,
                              request,
                              Refusal(481, "No Such Provisional Response"),
                              CoreCounter::RefusedUnknownDialog);
    }
    stop_repeating(core, leg);
    const auto provisional = leg.reliable;
    relay_request(core, {.request = request, .from = handle, .reliable = &provisional});
}

} // namespace tandem::controlplane
