// SPDX-License-Identifier: Apache-2.0
//
// The order of questions: is the INVITE complete, is the session interval possible, may the caller
// have one more call, where does the number lead, may that have one more; then the call, its first
// leg and one attempt per contact.
#include "controlplane/core/call/start_call.hpp"

#include "controlplane/core/answer.hpp"
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/party.hpp"
#include "controlplane/core/call/reply.hpp"
#include "controlplane/core/call/session_timer.hpp"
#include "controlplane/core/call/write_request.hpp"
#include "controlplane/core/identifiers.hpp"
#include "controlplane/core/refuse.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;

// The two seats of a call in the directory while nobody owns them yet.
class Seats {
  public:
    Seats(CoreState& core, const Device& caller) : core_(core), caller_(caller) {
        has_caller_ = core.directory.take_call(caller);
    }

    ~Seats() {
        if (has_caller_) {
            core_.directory.release_call(caller_);
        }
        if (has_callee_) {
            core_.directory.release_call(callee_);
        }
    }

    Seats(const Seats&) = delete;
    Seats& operator=(const Seats&) = delete;

    [[nodiscard]] bool has_caller() const { return has_caller_; }

    [[nodiscard]] bool take_callee(const Device& callee) {
        callee_ = callee;
        has_callee_ = core_.directory.take_call(callee);
        return has_callee_;
    }

    void hand_to(Call& call) {
        call.caller = caller_;
        call.callee = callee_;
        call.caller_seat = has_caller_;
        call.callee_seat = has_callee_;
        has_caller_ = false;
        has_callee_ = false;
    }

  private:
    CoreState& core_;
    Device caller_;
    Device callee_;
    bool has_caller_ = false;
    bool has_callee_ = false;
};

struct NewCall {
    const RequestInput& request;
    const Device& caller;
    const Route& route;
    const SessionRequest& session;
    std::string_view dialled;
};

Refusal busy(const Device& device) {
    return device.trunk ? Refusal(503, "All Trunk Channels Busy") : Refusal(486, "Busy Here");
}

bool fill_caller_leg(CoreState& core, Call& call, LegHandle handle, const NewCall& source) {
    auto& leg = *core.legs.get(handle);
    const auto& message = source.request.message;
    const auto& view = message.view;
    leg.side = Side::Caller;
    leg.device = source.caller;
    // Answers leave from where the request came to (the transaction sees to that); what the call
    // itself sends, and the Contact it names, is the address that moves with a takeover.
    leg.flow = message.flow;
    leg.flow.local = core.sip_endpoint;
    leg.remote_cseq = view.cseq_number();
    leg.has_remote_cseq = true;
    leg.invite_cseq = view.cseq_number();
    leg.offer = {.outstanding = call.invite_has_offer, .offerer = Side::Caller};
    std::array<char, kRouteSetBytesMax> buffer; // NOLINT(*-member-init): written before it is read
    const auto routes = collect_route_set(view, RouteOrder::AsReceived, buffer);
    const auto call_id = view.find(HeaderId::CallId).value_or(std::string_view{});
    const TagText tag(call.id, core.random);
    call.leg_hashes[0] = base::siphash(core.attachment.call_id_key, call_id);
    const bool kept = routes && keep_text(core, *routes, leg.route_set) &&
                      keep_text(core, call_id, leg.call_id) &&
                      keep_text(core, tag.text(), leg.local_tag) &&
                      keep_text(core, tag_of(view, HeaderId::From), leg.remote_tag) &&
                      keep_text(core, party_of(view, HeaderId::To), leg.local_party) &&
                      keep_text(core, party_of(view, HeaderId::From), leg.remote_party) &&
                      keep_text(core, contact_uri(view), leg.remote_target) &&
                      keep_text(core, source.dialled, leg.contact_user);
    if (kept) {
        update_next_hop(core, leg);
        call.caller_leg = handle;
    }
    return kept;
}

bool fill_call(CoreState& core, CallHandle handle, const NewCall& source) {
    auto& call = *core.calls.get(handle);
    const auto& view = source.request.message.view;
    const auto supported = sipparse::option_tags(view, HeaderId::Supported);
    const auto required = sipparse::option_tags(view, HeaderId::Require);
    call.invite_cseq = view.cseq_number();
    call.invite_has_offer = !view.body().empty();
    call.caller_supports_100rel = supported.has(sipparse::OptionTag::Reliable100) ||
                                  required.has(sipparse::OptionTag::Reliable100);
    call.caller_supports_timer = source.session.timer_supported;
    call.session_expires_s = source.session.expires_s;
    call.times.started_ns = core.now.wall_ns;
    if (!register_invite(core, source.request.transaction, handle)) {
        core.counters.add(CoreCounter::PoolFullCalls);
        return false;
    }
    call.invite = source.request.transaction;
    const auto leg = create_leg(core, handle);
    return leg.is_set() && fill_caller_leg(core, call, leg, source) &&
           keep_head(core, source.request, call.head) &&
           keep_text(core, caller_number(core, view, source.caller), call.caller_number) &&
           keep_text(core, source.dialled, call.dialled);
}

// The handle is not set when some pool was full.
CallHandle build_call(CoreState& core, const NewCall& source, Seats& seats) {
    const auto handle = create_call(core);
    if (!handle.is_set()) {
        return {};
    }
    auto& call = *core.calls.get(handle);
    if (!fill_call(core, handle, source)) {
        destroy_call(core, handle);
        return {};
    }
    seats.hand_to(call);
    std::uint32_t attempts = 0;
    for (std::uint32_t i = 0; i < source.route.count; ++i) {
        const AttemptPlan plan{.request = source.request,
                               .session = source.session,
                               .target = source.route.targets[i]};
        attempts += start_attempt(core, handle, plan) ? 1U : 0U;
    }
    if (attempts == 0) {
        destroy_call(core, handle);
        return {};
    }
    call.invite_open = true;
    if (source.route.ring_timeout_s != 0) {
        core.timers.arm(call.no_answer_timer,
                        core.now.monotonic_ns + source.route.ring_timeout_s * base::kNsPerS);
    }
    core.counters.add(CoreCounter::CallsStarted);
    return handle;
}

} // namespace

void start_call(CoreState& core, const RequestInput& request, const Device& caller) {
    core.visits.visit(base::Stage::StartCall);
    const auto& view = request.message.view;
    if (const auto refusal = refuse_contact(view)) {
        return refuse_request(core, request, *refusal, CoreCounter::RefusedMalformed);
    }
    const auto session = read_session_request(core, view);
    if (!session) {
        return refuse_request(core, request, session.error(), CoreCounter::RefusedSessionInterval);
    }
    Seats seats(core, caller);
    if (!seats.has_caller()) {
        return refuse_request(core, request, busy(caller), CoreCounter::RefusedBusy);
    }
    const auto uri = sipparse::parse_sip_uri(view.request_uri());
    const auto dialled = uri ? uri->user : std::string_view{};
    const auto route = core.router.route(caller, dialled, core.now);
    if (!route) {
        return refuse_request(core, request, route.error(), CoreCounter::RefusedRoute);
    }
    if (!seats.take_callee(route->device)) {
        return refuse_request(core, request, busy(route->device), CoreCounter::RefusedBusy);
    }
    const NewCall source{.request = request,
                         .caller = caller,
                         .route = *route,
                         .session = *session,
                         .dialled = dialled};
    if (!build_call(core, source, seats).is_set()) {
        refuse_unavailable(core, request);
    }
}

} // namespace tandem::controlplane
