// SPDX-License-Identifier: Apache-2.0
//
// The calling phone: what the answers to its INVITE do to it.
#include "bench/load/call_load.hpp"
#include "bench/load/write_message.hpp"

namespace tandem::bench::load {

namespace {

using sipparse::HeaderId;

// May this status come now? After the 200 only the 200 again, when our ACK was late.
bool is_due(CallerState state, std::uint16_t status) {
    switch (state) {
    case CallerState::Inviting:
        return true;
    case CallerState::Trying:
        return status != 100;
    case CallerState::Ringing:
        return status == 200;
    case CallerState::Talking:
    case CallerState::Leaving:
    case CallerState::Done:
        return false;
    }
    return false;
}

} // namespace

void CallLoad::receive_invite_response(Call& call, const Arrival& arrival) {
    if (const Fault fault = check_invite_response(call, arrival); fault != Fault::None) {
        fail(call, Side::Caller, fault, arrival.view.bytes);
        return;
    }
    const std::uint16_t status = arrival.view.status_code();
    if (!is_due(call.caller_state, status)) {
        if (status != 200 || call.caller_state == CallerState::Ringing) {
            fail(call, Side::Caller, Fault::Unexpected, arrival.view.bytes);
            return;
        }
        ++counts_.repeated;
        send(call, Side::Caller, [&](TextWriter& out) { write_ack(out, call); });
        return;
    }
    if (status == 100) {
        ++counts_.tryings;
        call.caller_state = CallerState::Trying;
        return;
    }
    if (!call.caller_remote_tag.keep(tag_of(arrival.view, HeaderId::To))) {
        fail(call, Side::Caller, Fault::NoRoom, arrival.view.bytes);
        return;
    }
    if (status == 180) {
        call.caller_state = CallerState::Ringing;
        return;
    }
    receive_ok(call, arrival);
}

void CallLoad::receive_ok(Call& call, const Arrival& arrival) {
    if (call.caller_state != CallerState::Ringing) {
        fail(call, Side::Caller, Fault::Unexpected, arrival.view.bytes);
        return;
    }
    if (!call.caller_target.keep(contact_uri(arrival.view))) {
        fail(call, Side::Caller, Fault::NoRoom, arrival.view.bytes);
        return;
    }
    call.caller_state = CallerState::Talking;
    send(call, Side::Caller, [&](TextWriter& out) { write_ack(out, call); });
}

} // namespace tandem::bench::load
