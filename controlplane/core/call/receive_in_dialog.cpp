// SPDX-License-Identifier: Apache-2.0
//
// RFC 3261 section 12.2.2: finds the leg, checks the order of requests, then goes by the method.
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/exchange.hpp"
#include "controlplane/core/call/glare.hpp"
#include "controlplane/core/call/in_dialog.hpp"
#include "controlplane/core/receive_request.hpp"
#include "controlplane/core/refuse.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;
using sipparse::Method;

Refusal unknown_dialog() {
    return {481, "Call/Transaction Does Not Exist"};
}

void receive_target_refresh(CoreState& core, const RequestInput& request, LegHandle leg) {
    const auto& view = request.message.view;
    if (const auto refusal = refuse_contact(view)) {
        return refuse_request(core, request, *refusal, CoreCounter::RefusedMalformed);
    }
    const auto session = read_session_request(core, view);
    if (!session) {
        return refuse_request(core, request, session.error(), CoreCounter::RefusedSessionInterval);
    }
    if (const auto refusal = refuse_crossing(core, leg, view)) {
        return refuse_request(core, request, *refusal, CoreCounter::RefusedGlare);
    }
    relay_request(core, {.request = request, .from = leg, .session = &*session});
}

void receive_by_method(CoreState& core, const RequestInput& request, LegHandle leg) {
    switch (request.message.view.method()) {
    case Method::Invite:
    case Method::Update:
        return receive_target_refresh(core, request, leg);
    case Method::Prack:
        return receive_prack(core, request, leg);
    case Method::Info:
    case Method::Message:
    case Method::Notify:
        return relay_request(core, {.request = request, .from = leg});
    case Method::Options:
        return answer_options(core, request);
    default:
        return refuse_method(core, request);
    }
}

} // namespace

void receive_in_dialog(CoreState& core, const RequestInput& request) {
    core.visits.visit(base::Stage::ReceiveInDialog);
    const auto& view = request.message.view;
    const auto handle =
        find_leg(core,
                 {.call_id = view.find(HeaderId::CallId).value_or(std::string_view{}),
                  .local_tag = tag_of(view, HeaderId::To),
                  .remote_tag = tag_of(view, HeaderId::From)});
    auto* leg = core.legs.get(handle);
    if (leg == nullptr) {
        return refuse_request(core, request, unknown_dialog(), CoreCounter::RefusedUnknownDialog);
    }
    if (leg->has_remote_cseq && view.cseq_number() < leg->remote_cseq) {
        return refuse_request(
            core, request, Refusal(500, "CSeq Out Of Order"), CoreCounter::RefusedOldCseq);
    }
    touch(core, leg->call);
    leg->remote_cseq = view.cseq_number();
    leg->has_remote_cseq = true;
    if (view.method() == Method::Bye) {
        return receive_bye(core, request, handle);
    }
    if (core.calls.get(leg->call)->state == CallState::Ending) {
        return refuse_request(core, request, unknown_dialog(), CoreCounter::RefusedUnknownDialog);
    }
    receive_by_method(core, request, handle);
}

} // namespace tandem::controlplane
