// SPDX-License-Identifier: Apache-2.0
//
// The called phone: says 100 at once, rings after a while, answers after another, and waits for the
// ACK.
#include "bench/load/call_load.hpp"
#include "bench/load/write_message.hpp"

namespace tandem::bench::load {

using sipparse::HeaderId;

// The offer says which call it is: the switch gave the dialog names of its own.
void CallLoad::receive_invite(const Arrival& arrival, std::uint64_t now_ns) {
    const auto name = parse_sdp(arrival.view.body());
    Call* const call = name ? find(*name) : nullptr;
    if (call == nullptr) {
        stranger(Fault::Stranger, arrival.view.bytes);
        return;
    }
    if (const Fault fault = check_invite(*call, arrival); fault != Fault::None) {
        fail(*call, Side::Callee, fault, arrival.view.bytes);
        return;
    }
    if (call->callee_state != CalleeState::Idle) {
        const bool is_same = *arrival.view.find(HeaderId::Via) == call->invite_via.text();
        if (!is_same) {
            fail(*call, Side::Callee, Fault::Unexpected, arrival.view.bytes);
            return;
        }
        ++counts_.repeated; // our answer was late, and is on its way
        return;
    }
    if (!learn_invite(*call, arrival)) {
        fail(*call, Side::Callee, Fault::NoRoom, arrival.view.bytes);
        return;
    }
    call->callee_state = CalleeState::Invited;
    later(ring_queue_, *call, now_ns);
    send(*call, Side::Callee, [&](TextWriter& out) { write_invite_response(out, *call, 100); });
}

bool CallLoad::learn_invite(Call& call, const Arrival& arrival) {
    call.invite_cseq = arrival.view.cseq_number();
    return call.invite_via.keep(*arrival.view.find(HeaderId::Via)) &&
           call.callee_call_id.keep(*arrival.view.find(HeaderId::CallId)) &&
           call.callee_remote_tag.keep(tag_of(arrival.view, HeaderId::From)) &&
           call.callee_target.keep(contact_uri(arrival.view));
}

void CallLoad::ring(Call& call, std::uint64_t now_ns) {
    if (call.callee_state == CalleeState::Invited) {
        call.callee_state = CalleeState::Ringing;
        later(answer_queue_, call, now_ns);
        send(call, Side::Callee, [&](TextWriter& out) { write_invite_response(out, call, 180); });
    }
}

void CallLoad::answer(Call& call) {
    if (call.callee_state == CalleeState::Ringing) {
        call.callee_state = CalleeState::Answered;
        send(call, Side::Callee, [&](TextWriter& out) { write_invite_response(out, call, 200); });
    }
}

void CallLoad::receive_ack(Call& call, const Arrival& arrival, std::uint64_t now_ns) {
    if (const Fault fault = check_ack(call, arrival); fault != Fault::None) {
        fail(call, Side::Callee, fault, arrival.view.bytes);
        return;
    }
    if (call.callee_state == CalleeState::Answered) {
        ++counts_.answered;
        call.callee_state = CalleeState::Talking;
        later(talk_queue_, call, now_ns);
        return;
    }
    if (call.callee_state < CalleeState::Answered) {
        fail(call, Side::Callee, Fault::Unexpected, arrival.view.bytes);
        return;
    }
    ++counts_.repeated;
}

} // namespace tandem::bench::load
