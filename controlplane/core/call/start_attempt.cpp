// SPDX-License-Identifier: Apache-2.0
//
// Writes and sends the INVITE of one attempt: a dialog of our own towards the contact, with the
// caller's body and relayed headers.
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/party.hpp"
#include "controlplane/core/call/write_request.hpp"
#include "controlplane/core/identifiers.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

namespace {

constexpr std::uint32_t kFirstCseq = 1;

// To shows the number that is called: that of the Request-URI for a trunk, which may have replaced
// the prefix, else the dialled one.
std::string_view called_number(const CoreState& core, const Call& call, const Target& target) {
    if (target.device.trunk) {
        const auto uri = sipparse::parse_sip_uri(target.request_uri);
        return uri ? uri->user : std::string_view{};
    }
    return core.texts.view(call.dialled);
}

bool fill_attempt(CoreState& core, const Call& call, Attempt& attempt, const AttemptPlan& plan) {
    const auto& view = plan.request.message.view;
    const auto number = core.texts.view(call.caller_number);
    std::array<char, kPartyBytesMax> from{};
    std::array<char, kPartyBytesMax> to{};
    const CallIdText call_id(call.id, core.random);
    const TagText tag(call.id, core.random);
    attempt.cseq = kFirstCseq;
    attempt.device = plan.target.device;
    attempt.flow = plan.request.message.flow;
    attempt.flow.remote = plan.target.destination;
    attempt.flow.local = core.sip_endpoint;
    return keep_text(core, call_id.text(), attempt.call_id) &&
           keep_text(core, tag.text(), attempt.local_tag) &&
           keep_text(core, compose_caller_party(core, view, number, from), attempt.local_party) &&
           keep_text(core,
                     compose_callee_party(core, called_number(core, call, plan.target), to),
                     attempt.remote_party) &&
           keep_text(core, plan.target.request_uri, attempt.request_uri) &&
           keep_text(core, number, attempt.contact_user);
}

bool send_invite(CoreState& core,
                 AttemptHandle handle,
                 const Attempt& attempt,
                 const AttemptPlan& plan) {
    const auto& view = plan.request.message.view;
    const auto dialog = view_of(core, attempt);
    const BranchText branch(core, attempt.client);
    sipparse::MessageWriter writer(core.effects.message_buffer());
    write_head(writer,
               dialog,
               {.method = sipparse::Method::Invite,
                .cseq = attempt.cseq,
                .branch = branch.text(),
                .max_forwards = next_max_forwards(view)});
    write_contact(writer, dialog);
    writer.header(sipparse::HeaderId::Allow, kAllowedMethods);
    write_option_tags(writer, view);
    write_session_request(writer, plan.session);
    write_relayed(writer, view, core.calls.get(attempt.call)->caller);
    return send_request(core,
                        writer,
                        {.client = attempt.client,
                         .cancelled = {},
                         .owner = Owner::of(OwnerKind::Attempt, handle),
                         .flow = attempt.flow});
}

} // namespace

bool start_attempt(CoreState& core, CallHandle call_handle, const AttemptPlan& plan) {
    core.visits.visit(base::Stage::StartAttempt);
    auto& call = *core.calls.get(call_handle);
    const auto handle = create_attempt(core, call_handle);
    if (!handle.is_set()) {
        return false;
    }
    auto& attempt = *core.attempts.get(handle);
    if (!fill_attempt(core, call, attempt, plan)) {
        destroy_attempt(core, handle);
        return false;
    }
    attempt.client = take_slot(core, SlotUse::NewWork);
    if (!attempt.client.is_set() || !send_invite(core, handle, attempt, plan)) {
        destroy_attempt(core, handle);
        return false;
    }
    ++call.attempts_made;
    return true;
}

} // namespace tandem::controlplane
