// SPDX-License-Identifier: Apache-2.0
//
// A refused attempt gets its ACK; when no attempt is left, the caller gets the best of the refusals
// (RFC 3261 section 16.7 step 6): a 6xx, else the lowest class, in it what the caller can act on.
// What a refusal means on its way back: 401 and 407 are challenges of another hop, so they become
// 403; 503 would say that the switch itself is overloaded, so it becomes 500 (16.7).
#include "controlplane/core/call/ack.hpp"
#include "controlplane/core/call/attempt.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/choose_failure.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/end_call.hpp"
#include "sipparse/index.hpp"

namespace tandem::controlplane {

namespace {

void keep_best(CoreState& core, Call& call, std::uint16_t status, std::string_view message) {
    if (!is_better_failure(status, call.best.status_code)) {
        return;
    }
    call.best.status_code = status;
    call.best.from_callee = !message.empty();
    core.texts.release(call.best.message);
    if (message.size() <= kTextBytesMax) {
        // Without room the caller gets the status alone.
        (void)keep_text(core, message, call.best.message);
    }
}

EndCause cause_of(std::uint16_t status) {
    return status == 408 || status == 480 ? EndCause::NoAnswer : EndCause::CalleeRefused;
}

void refuse_with_best(CoreState& core, CallHandle handle) {
    auto& call = *core.calls.get(handle);
    const auto stored = core.texts.view(call.best.message);
    const bool readable = !stored.empty() && sipparse::index_datagram(stored, core.best_index) ==
                                                 sipparse::ParseError::None;
    const sipparse::MessageView view{.bytes = stored, .index = &core.best_index};
    const auto status = call.best.status_code;
    const auto shown = call.best.from_callee ? shown_failure(status) : own_failure(status);
    const bool as_it_was = readable && shown.status_code == status;
    end_call(core,
             handle,
             {.cause = cause_of(status),
              .status_code = shown.status_code,
              .reason = as_it_was ? view.reason() : shown.reason,
              .refusal = readable ? &view : nullptr});
}

void attempt_failed(CoreState& core,
                    AttemptHandle attempt,
                    std::uint16_t status,
                    std::string_view message) {
    const auto handle = core.attempts.get(attempt)->call;
    auto& call = *core.calls.get(handle);
    for_each_in_list(core.legs, call.legs, [&](LegHandle leg_handle, Leg& leg) {
        // The early dialogs of a refused INVITE end with it (12.3); the caller's last one stays
        // for the tag of its final response.
        if (call.state != CallState::Ringing || leg.side != Side::Callee ||
            leg.attempt != attempt) {
            return;
        }
        abandon_exchanges_of(core, leg_handle);
        retire_leg(core, leg_handle);
    });
    destroy_attempt(core, attempt);
    if (call.state != CallState::Ringing) {
        finish_if_drained(core, handle);
        return;
    }
    keep_best(core, call, status, message);
    if (status >= 600) {
        cancel_all_attempts(core, call, CancelReason::CallOver);
    }
    if (core.attempts.get(call.attempts) == nullptr) {
        refuse_with_best(core, handle);
    }
}

} // namespace

void take_failure(CoreState& core, AttemptHandle handle, const ResponseInput& response) {
    core.visits.visit(base::Stage::AttemptFailure);
    const auto& attempt = *core.attempts.get(handle);
    const auto dialog = view_of(core, attempt);
    ack_refusal(core, dialog, attempt.cseq, response);
    const auto& view = response.message.view;
    attempt_failed(core, handle, view.status_code(), view.message());
}

void fail_attempt(CoreState& core, AttemptHandle handle, std::uint16_t status_code) {
    core.visits.visit(base::Stage::AttemptFailure);
    attempt_failed(core, handle, status_code, {});
}

} // namespace tandem::controlplane
