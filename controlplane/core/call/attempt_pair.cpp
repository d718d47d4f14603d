// SPDX-License-Identifier: Apache-2.0
//
// Each dialog a callee makes (one per To-tag) gets a dialog of its own towards the caller, with a
// tag of its own, so that answers of different callees never mix (RFC 3261 section 12.1.2, 13.2.2).
// The first one takes the caller's idle leg.
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/identifiers.hpp"

namespace tandem::controlplane {

namespace {

// Early dialogs one callee may make by a new To-tag in each 18x; more are not relayed.
constexpr std::uint32_t kDialogsPerAttemptMax = 8;

bool copy_text(CoreState& core, const Text& from, Text& to) {
    return keep_text(core, core.texts.view(from), to);
}

// The caller's leg as it was when the INVITE came, with another tag.
LegHandle clone_caller_leg(CoreState& core, const Call& call) {
    const auto handle = create_leg(core, core.legs.get(call.caller_leg)->call);
    if (!handle.is_set()) {
        return {};
    }
    auto& clone = *core.legs.get(handle);
    const auto& model = *core.legs.get(call.caller_leg);
    clone.side = Side::Caller;
    clone.device = model.device;
    clone.flow = model.flow;
    clone.remote_cseq = model.invite_cseq;
    clone.has_remote_cseq = true;
    clone.invite_cseq = model.invite_cseq;
    clone.offer = {.outstanding = call.invite_has_offer, .offerer = Side::Caller};
    const TagText tag(call.id, core.random);
    const bool copied = keep_text(core, tag.text(), clone.local_tag) &&
                        copy_text(core, model.call_id, clone.call_id) &&
                        copy_text(core, model.remote_tag, clone.remote_tag) &&
                        copy_text(core, model.local_party, clone.local_party) &&
                        copy_text(core, model.remote_party, clone.remote_party) &&
                        copy_text(core, model.remote_target, clone.remote_target) &&
                        copy_text(core, model.route_set, clone.route_set) &&
                        copy_text(core, model.contact_user, clone.contact_user);
    if (!copied) {
        destroy_leg(core, handle);
        return {};
    }
    return handle;
}

LegHandle create_callee_leg(CoreState& core,
                            AttemptHandle attempt_handle,
                            const sipparse::MessageView& response) {
    const auto& attempt = *core.attempts.get(attempt_handle);
    const auto handle = create_leg(core, attempt.call);
    if (!handle.is_set()) {
        return {};
    }
    auto& leg = *core.legs.get(handle);
    leg.side = Side::Callee;
    leg.attempt = attempt_handle;
    leg.device = attempt.device;
    leg.flow = attempt.flow;
    leg.local_cseq = attempt.cseq;
    leg.invite_cseq = attempt.cseq;
    leg.invite_client = attempt.client;
    bool filled = keep_text(core, tag_of(response, sipparse::HeaderId::To), leg.remote_tag) &&
                  copy_text(core, attempt.call_id, leg.call_id) &&
                  copy_text(core, attempt.local_tag, leg.local_tag) &&
                  copy_text(core, attempt.local_party, leg.local_party) &&
                  copy_text(core, attempt.remote_party, leg.remote_party) &&
                  copy_text(core, attempt.contact_user, leg.contact_user) &&
                  take_dialog_of_response(core, leg, response);
    if (filled && core.texts.view(leg.remote_target).empty()) { // no Contact: where the INVITE went
        filled = copy_text(core, attempt.request_uri, leg.remote_target);
        update_next_hop(core, leg);
    }
    if (!filled) {
        destroy_leg(core, handle);
        return {};
    }
    return handle;
}

} // namespace

bool take_dialog_of_response(CoreState& core, Leg& leg, const sipparse::MessageView& response) {
    std::array<char, kRouteSetBytesMax> buffer; // NOLINT(*-member-init): written before it is read
    const auto routes = collect_route_set(response, RouteOrder::Reversed, buffer);
    const auto uri = contact_uri(response);
    if (!routes) {
        return false;
    }
    // Most responses say what the one before them said.
    const bool same_routes = *routes == core.texts.view(leg.route_set);
    const bool same_target = uri.empty() || uri == core.texts.view(leg.remote_target);
    if (!(same_routes || keep_text(core, *routes, leg.route_set)) ||
        !(same_target || keep_text(core, uri, leg.remote_target))) {
        return false;
    }
    if (!same_routes || !same_target) {
        update_next_hop(core, leg);
    }
    return true;
}

LegHandle pair_for(CoreState& core, AttemptHandle attempt, const sipparse::MessageView& response) {
    auto& call = *core.calls.get(core.attempts.get(attempt)->call);
    const auto tag = tag_of(response, sipparse::HeaderId::To);
    std::uint32_t dialogs = 0;
    for (auto handle = call.legs; const auto* leg = core.legs.get(handle);) {
        const bool of_attempt = leg->side == Side::Callee && leg->attempt == attempt;
        // What is Gone only waits for its exchanges.
        if (of_attempt && leg->state != LegState::Gone && core.texts.view(leg->remote_tag) == tag) {
            return handle;
        }
        dialogs += of_attempt ? 1U : 0U;
        handle = leg->next;
    }
    if (response.status_code() < 200 && dialogs >= kDialogsPerAttemptMax) {
        core.counters.add(CoreCounter::PoolFullLegs);
        return {};
    }
    const bool first = !core.legs.get(call.caller_leg)->peer.is_set();
    const auto callee = create_callee_leg(core, attempt, response);
    if (!callee.is_set()) {
        return {};
    }
    const auto caller = first ? call.caller_leg : clone_caller_leg(core, call);
    if (!caller.is_set()) {
        destroy_leg(core, callee);
        return {};
    }
    core.legs.get(callee)->peer = caller;
    core.legs.get(caller)->peer = callee;
    return callee;
}

} // namespace tandem::controlplane
