// SPDX-License-Identifier: Apache-2.0
//
// Starts, ends and finds calls; the two phones' reactions are in caller.cpp and callee.cpp.
#include "bench/load/call_load.hpp"

#include "bench/load/write_message.hpp"
#include "sipparse/index.hpp"
#include "sipparse/via.hpp"

namespace tandem::bench::load {

using sipparse::HeaderId;
using sipparse::Method;

CallLoad::CallLoad(const CallLoadOptions& options, Wire& wire, Faults& faults)
    : options_(options), wire_(wire), faults_(faults), calls_(options.calls_max),
      // A call that failed leaves its entries until they are due, and its slot may be taken again.
      ring_queue_(options.ring_after_ns, 2 * std::size_t{options.calls_max}),
      answer_queue_(options.answer_after_ns, 2 * std::size_t{options.calls_max}),
      talk_queue_(options.talk_ns, 2 * std::size_t{options.calls_max}),
      missing_queue_(options.missing_after_ns, 16 * std::size_t{options.calls_max}) {
    free_.reserve(options.calls_max);
    for (std::uint32_t slot = options.calls_max; slot-- > 0;) {
        free_.push_back(slot);
    }
}

bool CallLoad::start_call(std::uint64_t now_ns) {
    const std::uint64_t chance = scatter(options_.seed + counts_.started);
    const auto numbers = options_.directory.numbers;
    const auto caller = static_cast<std::uint32_t>(chance % numbers);
    const auto distance = static_cast<std::uint32_t>(1 + (chance >> 32U) % (numbers - 1));
    return start_call_between(caller, (caller + distance) % numbers, now_ns);
}

bool CallLoad::start_call_between(std::uint32_t caller,
                                  std::uint32_t callee,
                                  std::uint64_t now_ns) {
    if (free_.empty()) {
        return false;
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    ++in_use_;
    Call& call = calls_[slot];
    const std::uint64_t serial = counts_.started++;
    const std::uint64_t chance = scatter(options_.seed ^ (serial * 2 + 1));
    const auto port = static_cast<std::uint32_t>(serial % (kCallPorts / 2));
    call.in_use = true;
    call.name = {.slot = slot, .salt = static_cast<std::uint32_t>(chance)};
    call.serial = serial;
    call.caller = caller;
    call.callee = callee;
    call.caller_place = {.address = Directory::address(caller),
                         .port = static_cast<std::uint16_t>(kCallPortMin + 2 * port)};
    call.callee_place = {.address = Directory::address(callee),
                         .port = static_cast<std::uint16_t>(kCallPortMin + 2 * port + 1)};
    call.cseq = 1 + static_cast<std::uint32_t>((chance >> 32U) & 0x3fff'ffffU);
    call.caller_hangs_up = serial % 2 == 0;
    call.routed = options_.routed_every != 0 && serial % options_.routed_every == 1;
    call.caller_state = CallerState::Inviting;
    call.callee_state = CalleeState::Idle;
    call.caller_remote_tag.clear();
    call.caller_target.clear();
    call.callee_call_id.clear();
    call.callee_remote_tag.clear();
    call.callee_target.clear();
    send(call, Side::Caller, [&](TextWriter& out) { write_invite(out, call); });
    later(missing_queue_, call, now_ns);
    return true;
}

std::size_t CallLoad::run_due(std::uint64_t now_ns, std::size_t actions_max) {
    std::size_t done = 0;
    const auto run = [&](DelayQueue& queue, auto&& act) {
        while (done < actions_max) {
            const auto name = queue.pop(now_ns);
            if (!name) {
                return;
            }
            if (Call* const call = find(*name)) {
                act(*call);
                ++done;
            }
        }
    };
    run(talk_queue_, [&](Call& call) { hang_up(call); });
    run(answer_queue_, [&](Call& call) { answer(call); });
    run(ring_queue_, [&](Call& call) { ring(call, now_ns); });
    run(missing_queue_, [&](Call& call) { look_for_missing(call, now_ns); });
    return done;
}

void CallLoad::hang_up_all(std::uint64_t now_ns, std::size_t actions_max) {
    for (std::size_t i = 0; i < calls_.size() && actions_max > 0; ++i) {
        sweep_ = sweep_ + 1 < calls_.size() ? sweep_ + 1 : 0;
        Call& call = calls_[sweep_];
        if (call.in_use && call.caller_state == CallerState::Talking &&
            call.callee_state == CalleeState::Talking) {
            hang_up(call);
            later(missing_queue_, call, now_ns);
            --actions_max;
        }
    }
}

void CallLoad::receive(const Datagram& datagram, std::uint64_t now_ns) {
    ++counts_.received;
    if (sipparse::index_datagram(datagram.payload, index_) != sipparse::ParseError::None) {
        stranger(Fault::NotSip, datagram.payload);
        return;
    }
    const sipparse::MessageView view{.bytes = datagram.payload, .index = &index_};
    const Arrival arrival{
        .source = datagram.source, .destination = datagram.destination, .view = view};
    if (view.is_request()) {
        receive_request(arrival, now_ns);
    } else {
        receive_response(arrival, now_ns);
    }
}

void CallLoad::receive_request(const Arrival& arrival, std::uint64_t now_ns) {
    if (arrival.view.method() == Method::Invite) {
        receive_invite(arrival, now_ns);
        return;
    }
    const auto tag = parse_tag(tag_of(arrival.view, HeaderId::To));
    Call* const call = tag ? find(tag->name) : nullptr;
    if (call == nullptr) {
        stranger(Fault::Stranger, arrival.view.bytes);
    } else if (arrival.view.method() == Method::Bye) {
        receive_bye(*call, tag->side, arrival);
    } else if (arrival.view.method() == Method::Ack && tag->side == Side::Callee) {
        receive_ack(*call, arrival, now_ns);
    } else {
        fail(*call, tag->side, Fault::Unexpected, arrival.view.bytes);
    }
}

void CallLoad::receive_response(const Arrival& arrival, std::uint64_t /*now_ns*/) {
    const auto via = sipparse::top_via(arrival.view);
    const auto branch = via ? parse_branch(via->branch) : std::nullopt;
    Call* const call = branch ? find(branch->name) : nullptr;
    if (call == nullptr) {
        stranger(Fault::Stranger, arrival.view.bytes);
    } else if (arrival.view.method() == Method::Invite && branch->side == Side::Caller) {
        receive_invite_response(*call, arrival);
    } else if (arrival.view.method() == Method::Bye) {
        receive_bye_response(*call, branch->side, arrival);
    } else {
        fail(*call, branch->side, Fault::Unexpected, arrival.view.bytes);
    }
}

void CallLoad::receive_bye(Call& call, Side side, const Arrival& arrival) {
    if (const Fault fault = check_bye(call, side, arrival); fault != Fault::None) {
        fail(call, side, fault, arrival.view.bytes);
        return;
    }
    const bool is_caller = side == Side::Caller;
    const bool is_due = is_caller ? call.caller_state == CallerState::Talking
                                  : call.callee_state == CalleeState::Talking;
    const bool is_other = call.caller_hangs_up != is_caller;
    if (!is_due || !is_other) {
        const bool is_repeated = is_other && (is_caller ? call.caller_state == CallerState::Done
                                                        : call.callee_state == CalleeState::Done);
        if (!is_repeated) {
            fail(call, side, Fault::Unexpected, arrival.view.bytes);
            return;
        }
        ++counts_.repeated;
    }
    send(call, side, [&](TextWriter& out) {
        write_bye_response(out,
                           {.via = *arrival.view.find(HeaderId::Via),
                            .from = *arrival.view.find(HeaderId::From),
                            .to = *arrival.view.find(HeaderId::To),
                            .call_id = *arrival.view.find(HeaderId::CallId),
                            .cseq = *arrival.view.find(HeaderId::CSeq)});
    });
    end_side(call, side);
}

void CallLoad::receive_bye_response(Call& call, Side side, const Arrival& arrival) {
    const bool is_caller = side == Side::Caller;
    const bool is_due = is_caller ? call.caller_state == CallerState::Leaving
                                  : call.callee_state == CalleeState::Leaving;
    Fault fault = check_bye_response(call, side, arrival);
    if (fault == Fault::None && !is_due) {
        fault = Fault::Unexpected;
    }
    if (fault != Fault::None) {
        fail(call, side, fault, arrival.view.bytes);
        return;
    }
    end_side(call, side);
}

void CallLoad::end_side(Call& call, Side side) {
    if (side == Side::Caller) {
        call.caller_state = CallerState::Done;
    } else {
        call.callee_state = CalleeState::Done;
    }
    if (call.is_done()) {
        ++counts_.completed;
        release(call);
    }
}

void CallLoad::hang_up(Call& call) {
    const Side side = call.caller_hangs_up ? Side::Caller : Side::Callee;
    if (side == Side::Caller && call.caller_state == CallerState::Talking) {
        call.caller_state = CallerState::Leaving;
    } else if (side == Side::Callee && call.callee_state == CalleeState::Talking) {
        call.callee_state = CalleeState::Leaving;
    } else {
        return;
    }
    send(call, side, [&](TextWriter& out) { write_bye(out, call, side); });
}

// Set-up and ending must each be over within a time; a call that only talks is asked again.
void CallLoad::look_for_missing(Call& call, std::uint64_t now_ns) {
    if (call.caller_state == CallerState::Talking && call.callee_state == CalleeState::Talking) {
        later(missing_queue_, call, now_ns);
        return;
    }
    const bool is_callee = call.callee_state == CalleeState::Answered;
    fail(call, is_callee ? Side::Callee : Side::Caller, Fault::Missing, {});
}

void CallLoad::later(DelayQueue& queue, Call& call, std::uint64_t now_ns) {
    if (!queue.push(call.name, now_ns)) {
        fail(call, Side::Caller, Fault::NoRoom, {});
    }
}

void CallLoad::fail(Call& call, Side side, Fault fault, std::string_view message) {
    const bool is_caller = side == Side::Caller;
    faults_.add(fault,
                is_caller ? "caller" : "callee",
                call.serial,
                is_caller ? name_of(call.caller_state) : name_of(call.callee_state),
                message);
    ++counts_.failed;
    release(call);
}

void CallLoad::release(Call& call) {
    if (call.in_use) {
        call.in_use = false;
        free_.push_back(call.name.slot);
        --in_use_;
    }
}

Call* CallLoad::find(const CallName& name) {
    if (name.slot >= calls_.size()) {
        return nullptr;
    }
    Call& call = calls_[name.slot];
    return call.in_use && call.name == name ? &call : nullptr;
}

void CallLoad::stranger(Fault fault, std::string_view message) {
    faults_.add(fault, "wire", counts_.received, "", message);
}

} // namespace tandem::bench::load
