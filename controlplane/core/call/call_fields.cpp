// SPDX-License-Identifier: Apache-2.0
//
// The fields of a call with its legs, attempts and exchanges. Each struct is taken apart by a
// structured binding of all its members: one more does not compile until it stands here too.
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/core_objects.hpp"
#include "controlplane/core/fields.hpp"

namespace tandem::controlplane {

namespace {

// Writes the fields of one object; texts by their content.
class Writer {
  public:
    Writer(const CoreState& core, FieldSink& sink) : core_(core), sink_(sink) {}

    template <typename T>
    void operator()(std::string_view name, const T& value) const {
        write_field(sink_, name, value);
    }

    void operator()(std::string_view name, const Text& text) const {
        sink_.text(name, core_.texts.view(text));
    }

    void flow(const transaction::Flow& flow) const { write_flow(sink_, flow); }

  private:
    const CoreState& core_;
    FieldSink& sink_;
};

void write_leg(const Writer& write, const Leg& leg) {
    const auto& [call,
                 next,
                 peer,
                 attempt,
                 side,
                 state,
                 has_remote_cseq,
                 ack_held,
                 exchanges,
                 device,
                 flow,
                 local_cseq,
                 remote_cseq,
                 invite_cseq,
                 last_rseq,
                 invite_client,
                 offer,
                 reliable,
                 call_id,
                 local_tag,
                 remote_tag,
                 local_party,
                 remote_party,
                 remote_target,
                 route_set,
                 contact_user] = leg;
    static_cast<void>(call); // whose list this is
    static_cast<void>(next); // comes next
    write("leg.peer", peer);
    write("leg.attempt", attempt);
    write("leg.side", side);
    write("leg.state", state);
    write("leg.has_remote_cseq", has_remote_cseq);
    write("leg.ack_held", ack_held);
    write("leg.exchanges", exchanges);
    write("leg.device", device);
    write.flow(flow);
    write("leg.local_cseq", local_cseq);
    write("leg.remote_cseq", remote_cseq);
    write("leg.invite_cseq", invite_cseq);
    write("leg.last_rseq", last_rseq);
    write("leg.invite_client", invite_client);
    const auto& [outstanding, offerer] = offer;
    write("leg.offer.outstanding", outstanding);
    write("leg.offer.offerer", offerer);
    const auto& [invite, rseq, cseq, peer_rseq, peer_cseq] = reliable;
    write("leg.reliable.invite", invite);
    write("leg.reliable.rseq", rseq);
    write("leg.reliable.cseq", cseq);
    write("leg.reliable.peer_rseq", peer_rseq);
    write("leg.reliable.peer_cseq", peer_cseq);
    write("leg.call_id", call_id);
    write("leg.local_tag", local_tag);
    write("leg.remote_tag", remote_tag);
    write("leg.local_party", local_party);
    write("leg.remote_party", remote_party);
    write("leg.remote_target", remote_target);
    write("leg.route_set", route_set);
    write("leg.contact_user", contact_user);
}

void write_attempt(const Writer& write, const Attempt& attempt) {
    const auto& [call,
                 next,
                 state,
                 elsewhere,
                 client,
                 flow,
                 device,
                 cseq,
                 call_id,
                 local_tag,
                 local_party,
                 remote_party,
                 request_uri,
                 contact_user,
                 give_up_timer] = attempt;
    static_cast<void>(call);
    static_cast<void>(next);
    write("attempt.state", state);
    write("attempt.elsewhere", elsewhere);
    write("attempt.client", client);
    write.flow(flow);
    write("attempt.device", device);
    write("attempt.cseq", cseq);
    write("attempt.call_id", call_id);
    write("attempt.local_tag", local_tag);
    write("attempt.local_party", local_party);
    write("attempt.remote_party", remote_party);
    write("attempt.request_uri", request_uri);
    write("attempt.contact_user", contact_user);
    write("attempt.give_up_timer", give_up_timer);
}

void write_exchange(const Writer& write, const Exchange& exchange) {
    const auto& [call,
                 next,
                 from,
                 to,
                 state,
                 method,
                 has_offer,
                 has_provisional,
                 cancel_wanted,
                 cancel_sent,
                 ack_held,
                 timer_supported,
                 client_cseq,
                 server_cseq,
                 session_expires_s,
                 last_rseq,
                 server,
                 client,
                 head,
                 new_target,
                 give_up_timer] = exchange;
    static_cast<void>(call);
    static_cast<void>(next);
    write("exchange.from", from);
    write("exchange.to", to);
    write("exchange.state", state);
    write("exchange.method", method);
    write("exchange.has_offer", has_offer);
    write("exchange.has_provisional", has_provisional);
    write("exchange.cancel_wanted", cancel_wanted);
    write("exchange.cancel_sent", cancel_sent);
    write("exchange.ack_held", ack_held);
    write("exchange.timer_supported", timer_supported);
    write("exchange.client_cseq", client_cseq);
    write("exchange.server_cseq", server_cseq);
    write("exchange.session_expires_s", session_expires_s);
    write("exchange.last_rseq", last_rseq);
    write("exchange.server", server);
    write("exchange.client", client);
    write("exchange.head", head);
    write("exchange.new_target", new_target);
    write("exchange.give_up_timer", give_up_timer);
}

// Each member of a list behind its handle; a handle that names nothing ends it.
template <typename Pool, typename Handle, typename Write>
void write_list(const Writer& write,
                std::string_view name,
                const Pool& pool,
                Handle first,
                Write&& write_member) {
    const auto* object = pool.get(first);
    while (object != nullptr) {
        write(name, first);
        write_member(write, *object);
        first = object->next;
        object = pool.get(first);
    }
    write(name, Handle{});
}

void write_times(const Writer& write, const CallTimes& times) {
    const auto& [started_ns, ringing_ns, answered_ns, ended_ns] = times;
    write("times.started_ns", started_ns);
    write("times.ringing_ns", ringing_ns);
    write("times.answered_ns", answered_ns);
    write("times.ended_ns", ended_ns);
}

} // namespace

void write_call(const CoreState& core, const Call& call, FieldSink& sink) {
    const Writer write(core, sink);
    const auto& [id,
                 version,
                 state,
                 cause,
                 final_status,
                 caller_seat,
                 callee_seat,
                 invite_open,
                 invite_has_offer,
                 caller_supports_100rel,
                 caller_supports_timer,
                 caller,
                 callee,
                 invite,
                 invite_cseq,
                 session_expires_s,
                 session_interval_s,
                 attempts_made,
                 head,
                 caller_number,
                 dialled,
                 legs,
                 caller_leg,
                 callee_leg,
                 attempts,
                 exchanges,
                 best,
                 times,
                 leg_hashes,
                 no_answer_timer,
                 session_timer,
                 ending_timer] = call;
    sink.begin("call", static_cast<std::uint8_t>(ObjectKind::Call));
    write("id", id);
    write("version", version.value());
    write("state", state);
    write("cause", cause);
    write("final_status", final_status);
    write("caller_seat", caller_seat);
    write("callee_seat", callee_seat);
    write("invite_open", invite_open);
    write("invite_has_offer", invite_has_offer);
    write("caller_supports_100rel", caller_supports_100rel);
    write("caller_supports_timer", caller_supports_timer);
    write("caller", caller);
    write("callee", callee);
    write("invite", invite);
    write("invite_cseq", invite_cseq);
    write("session_expires_s", session_expires_s);
    write("session_interval_s", session_interval_s);
    write("attempts_made", attempts_made);
    write("head", head);
    write("caller_number", caller_number);
    write("dialled", dialled);
    write("caller_leg", caller_leg);
    write("callee_leg", callee_leg);
    const auto& [status_code, from_callee, message] = best;
    write("best.status_code", status_code);
    write("best.from_callee", from_callee);
    write("best.message", message);
    write_times(write, times);
    write("leg_hash.caller", leg_hashes[0]);
    write("leg_hash.callee", leg_hashes[1]);
    write("no_answer_timer", no_answer_timer);
    write("session_timer", session_timer);
    write("ending_timer", ending_timer);
    write_list(write, "leg", core.legs, legs, write_leg);
    write_list(write, "attempt", core.attempts, attempts, write_attempt);
    write_list(write, "exchange", core.exchanges, exchanges, write_exchange);
}

} // namespace tandem::controlplane
