// SPDX-License-Identifier: Apache-2.0
//
// Leads a response to the attempt, exchange or leg that sent the request. What is over already gets
// only what the protocol owes it: ACK and BYE for a 2xx nobody wants.
#include <algorithm>

#include "controlplane/core/call/ack.hpp"
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "controlplane/core/call/exchange.hpp"
#include "controlplane/core/call/write_request.hpp"
#include "controlplane/core/receive_other.hpp"
#include "sipparse/via.hpp"

namespace tandem::controlplane {

namespace {

LegHandle leg_of_response(const CoreState& core, const sipparse::MessageView& view) {
    using sipparse::HeaderId;
    return find_leg(core,
                    {.call_id = view.find(HeaderId::CallId).value_or(std::string_view{}),
                     .local_tag = tag_of(view, HeaderId::From),
                     .remote_tag = tag_of(view, HeaderId::To)});
}

// The attempt or exchange of an INVITE is over. A 2xx of a dialog we have needs nothing but its
// ACK, which the dataplane repeats; any other one makes a dialog nobody wants.
void take_late_response(CoreState& core, const ResponseInput& response) {
    core.counters.add(CoreCounter::ResponsesWithoutOwner);
    const auto& view = response.message.view;
    if (view.method() != sipparse::Method::Invite || view.status_code() < 200 ||
        view.status_code() >= 300) {
        return;
    }
    const auto* leg = core.legs.get(leg_of_response(core, view));
    if (leg == nullptr) {
        return end_unwanted(core, response);
    }
    if (!leg->ack_held) {
        ack_unowned(core, response);
    }
}

void take_attempt_response(CoreState& core, AttemptHandle attempt, const ResponseInput& response) {
    const auto status = response.message.view.status_code();
    if (status < 200) {
        return take_provisional(core, attempt, response);
    }
    if (status < 300) {
        return take_success(core, attempt, response);
    }
    take_failure(core, attempt, response);
}

// Was the request of the response sent by us? The check of its branch says so: whoever could forge
// it would have us send ACK and BYE to any address. Of a dataplane that is gone the key is kept as
// long as an INVITE of it may ring.
bool has_branch_of_ours(const CoreState& core, const sipparse::MessageView& response) {
    const auto via = sipparse::top_via(response);
    const auto branch = via ? transaction::read_branch(via->branch) : std::nullopt;
    if (!branch) {
        return false;
    }
    const auto made_it = [&](const auto& life) {
        return branch->owner == life.owner &&
               branch->check ==
                   transaction::branch_check(branch->owner, branch->transaction, life.branch_key);
    };
    if (core.attachment.attached && made_it(core.attachment)) {
        return true;
    }
    return std::any_of(
        core.earlier_lives.begin(), core.earlier_lives.end(), [&](const EarlierLife& life) {
            return core.now.monotonic_ns < life.until && made_it(life);
        });
}

} // namespace

void receive_response(CoreState& core, const ResponseInput& response) {
    core.visits.visit(base::Stage::ReceiveResponse);
    core.counters.add(CoreCounter::ResponsesReceived);
    const auto owner = Owner::unpack(response.user);
    const auto attempt = owner.handle<AttemptHandle>();
    const auto exchange = owner.handle<ExchangeHandle>();
    const auto leg = owner.handle<LegHandle>();
    if (const auto* found = core.attempts.get(attempt);
        owner.kind == OwnerKind::Attempt && found != nullptr) {
        touch(core, found->call);
        return take_attempt_response(core, attempt, response);
    }
    if (const auto* found = core.exchanges.get(exchange);
        owner.kind == OwnerKind::Exchange && found != nullptr) {
        touch(core, found->call);
        return take_exchange_response(core, exchange, response);
    }
    if (const auto* found = core.legs.get(leg); owner.kind == OwnerKind::Leg && found != nullptr) {
        if (response.message.view.status_code() >= 200) {
            touch(core, found->call);
            leg_finished(core, leg);
        }
        return;
    }
    take_late_response(core, response);
}

void receive_stray(CoreState& core, const StrayInput& stray) {
    core.visits.visit(base::Stage::ReceiveResponse);
    core.counters.add(CoreCounter::StrayMessages);
    const auto& view = stray.message.view;
    const bool success = view.is_response() && view.method() == sipparse::Method::Invite &&
                         view.status_code() >= 200 && view.status_code() < 300;
    if (!success) {
        return;
    }
    const ResponseInput response{.transaction = {}, .user = 0, .message = stray.message};
    const auto* leg = core.legs.get(leg_of_response(core, view));
    if (leg == nullptr) {
        if (has_branch_of_ours(core, view)) {
            end_unwanted(core, response); // of an INVITE whose transaction has ended
        } else {
            core.counters.add(CoreCounter::StraysUnproven);
        }
    } else if (!leg->ack_held) {
        ack_unowned(core, response); // our ACK was lost with the dataplane that had sent it
    }
}

} // namespace tandem::controlplane
