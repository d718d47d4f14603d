// SPDX-License-Identifier: Apache-2.0
//
// What operators see of a call.
#include "controlplane/core/call/call_snapshot.hpp"

namespace tandem::controlplane {

CallSnapshot snapshot_of(const CoreState& core, const Call& call) {
    CallSnapshot shown;
    shown.id = call.id;
    shown.state = call.state;
    shown.cause = call.cause;
    shown.final_status = call.final_status;
    shown.caller = call.caller;
    shown.callee = call.callee;
    shown.caller_number = ShortText(core.texts.view(call.caller_number));
    shown.dialled = ShortText(core.texts.view(call.dialled));
    shown.times = call.times;
    shown.session_interval_s = call.session_interval_s;
    shown.leg_hashes = {call.leg_hashes[0], call.leg_hashes[1]};
    for (auto handle = call.legs; const auto* leg = core.legs.get(handle);) {
        if (shown.leg_count < shown.legs.size()) {
            shown.legs[shown.leg_count++] = {.side = leg->side,
                                             .state = leg->state,
                                             .device = leg->device,
                                             .remote = leg->flow.remote};
        }
        handle = leg->next;
    }
    return shown;
}

std::string_view cause_text(EndCause cause) {
    switch (cause) {
    case EndCause::None:
        return "";
    case EndCause::CallerHungUp:
        return "caller hung up";
    case EndCause::CalleeHungUp:
        return "callee hung up";
    case EndCause::CallerCancelled:
        return "caller cancelled";
    case EndCause::CalleeRefused:
        return "callee refused";
    case EndCause::NoAnswer:
        return "no answer";
    case EndCause::NoAck:
        return "no ACK from the caller";
    case EndCause::NoPrack:
        return "no PRACK from the caller";
    case EndCause::SessionExpired:
        return "session expired";
    case EndCause::DialogLost:
        return "a party lost the dialog";
    case EndCause::TransportFailed:
        return "a message could not be sent";
    case EndCause::NoResources:
        return "no resources";
    case EndCause::DataplaneLost:
        return "the dataplane went away";
    }
    return "";
}

} // namespace tandem::controlplane
