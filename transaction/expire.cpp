// SPDX-License-Identifier: Apache-2.0
//
// Time: runs what is due of live and lingering transactions, then gives the core what it could not
// be given before. One wheel timer per live transaction, for the first of its times.
#include "base/assert.hpp"
#include "transaction/timers.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

bool is_due(base::MonotonicNs at, base::MonotonicNs now) noexcept {
    return at != 0 && at <= now;
}

void expire_reliable(Tables& tables,
                     ServerHandle handle,
                     Reliable& reliable,
                     base::MonotonicNs now) noexcept {
    ServerTransaction& server = *tables.servers.get(handle);
    if (is_due(reliable.end_at, now)) {
        stop_reliable(tables, server, reliable);
        tell_server(tables, handle, TimeoutKind::ReliableProvisional, now);
        return;
    }
    if (!is_due(reliable.repeat_at, now)) {
        return;
    }
    tables.output.count(Counter::ResponseSentAgain);
    send(tables,
         {.flow = server.reply,
          .bytes = tables.messages.bytes(reliable.message),
          .call = server.call,
          .cseq_number = server.cseq_number,
          .status_code = reliable.status_code,
          .method = server.method,
          .is_repeated = true,
          .now = now});
    reliable.interval_ns = doubled(reliable.interval_ns);
    reliable.repeat_at = now + reliable.interval_ns;
}

// Timer G, or the keeper's.
void repeat_final(Tables& tables, ServerTransaction& server, base::MonotonicNs now) noexcept {
    bool repeats = false;
    if (server.invite == invite_server::State::Accepted) {
        const auto step = two_xx_keeper::step(server.keeper, two_xx_keeper::Event::TimerRepeat);
        repeats = step.actions.has(two_xx_keeper::Action::SendAgain);
    } else {
        const auto step = invite_server::step(server.invite, invite_server::Event::TimerG);
        repeats = step.actions.has(invite_server::Action::Repeat);
    }
    if (!repeats) {
        server.repeat_at = 0;
        return;
    }
    send_response_again(tables, server, now);
    server.interval_ns = doubled_to_t2(server.interval_ns);
    server.repeat_at = now + server.interval_ns;
}

// Timer H, or timer L with the keeper's end, or the core never answered.
void end_waiting(Tables& tables, ServerHandle handle, base::MonotonicNs now) noexcept {
    ServerTransaction& server = *tables.servers.get(handle);
    server.repeat_at = 0;
    server.end_at = 0;
    if (!server.is_invite() || server.invite == invite_server::State::Proceeding) {
        tables.output.count(Counter::TimeoutCoreSilent);
        release_reliables(tables, server);
        server.trying_at = 0;
        server.invite = invite_server::State::Terminated;
        server.non_invite = non_invite_server::State::Terminated;
        return;
    }
    if (server.invite == invite_server::State::Completed) {
        server.invite = invite_server::step(server.invite, invite_server::Event::TimerH).state;
        tell_server(tables, handle, TimeoutKind::ServerAck, now);
        return;
    }
    const auto end = two_xx_keeper::step(server.keeper, two_xx_keeper::Event::TimerEnd);
    server.keeper = end.state;
    server.invite = invite_server::step(server.invite, invite_server::Event::TimerL).state;
    if (end.actions.has(two_xx_keeper::Action::TellAck)) {
        tell_server(tables, handle, TimeoutKind::TwoXxAck, now);
    }
}

// Slots and timeouts of client transactions that ended: Terminated in both machines.
void give_up_client(Tables& tables, ClientTransaction& client, base::MonotonicNs now) noexcept {
    const std::uint32_t slot = client.slot;
    drop_client(tables, client);
    tell_client(tables, slot, TimeoutKind::ClientFinal, now);
}

void repeat_request(Tables& tables, ClientTransaction& client, base::MonotonicNs now) noexcept {
    if (client.is_invite()) {
        client.interval_ns = doubled(client.interval_ns);
    } else {
        const auto step =
            non_invite_client::step(client.non_invite, non_invite_client::Event::TimerE);
        client.interval_ns = step.actions.has(non_invite_client::Action::ArmEatT2)
                                 ? kT2Ns
                                 : doubled_to_t2(client.interval_ns);
    }
    tables.output.count(Counter::RequestSentAgain);
    send(tables,
         {.flow = client.flow,
          .bytes = tables.messages.bytes(client.request),
          .call = client.call,
          .cseq_number = client.cseq_number,
          .method = client.method,
          .is_repeated = true,
          .now = now});
    client.repeat_at = now + client.interval_ns;
}

void expire_queue(Tables& tables, LingeringQueue& queue, base::MonotonicNs now) noexcept {
    while (queue.first != ClientSlot::kNone) {
        const Lingering& record = *tables.lingering.at(queue.first);
        if (record.deadline > now) {
            return;
        }
        const std::uint32_t ended = queue.first;
        queue.first = record.next;
        if (queue.first == ClientSlot::kNone) {
            queue.last = ClientSlot::kNone;
        }
        end_lingering(tables, ended);
    }
}

} // namespace

void expire(Tables& tables, base::MonotonicNs now) noexcept {
    tables.last_expire = now;
    tables.wheel.advance(now, [&](base::TimerNode& node) {
        if (node.kind == static_cast<std::uint32_t>(TimerOwner::Server)) {
            expire_server(tables, ServerHandle::unpack(node.owner), now);
        } else {
            const auto handle = base::Handle<ClientTransaction>::unpack(node.owner);
            expire_client(tables, *tables.clients.get(handle), now);
        }
    });
    expire_queue(tables, tables.short_queue, now);
    expire_queue(tables, tables.long_queue, now);
    retry_clients(tables, now);
    publish_slots(tables); // before the orphans: a CANCEL takes one
    sweep_orphans(tables, now);
}

void expire_server(Tables& tables, ServerHandle handle, base::MonotonicNs now) noexcept {
    ServerTransaction& server = *tables.servers.get(handle);
    if (is_due(server.tell_at, now)) {
        retry_server(tables, handle, now);
    }
    for (Reliable& reliable : server.reliables) {
        expire_reliable(tables, handle, reliable, now);
    }
    if (is_due(server.trying_at, now)) {
        server.trying_at = 0;
        send_trying(tables, server, now);
    }
    if (is_due(server.end_at, now)) {
        end_waiting(tables, handle, now);
    } else if (is_due(server.repeat_at, now)) {
        repeat_final(tables, server, now);
    }
    settle_server(tables, handle, now);
}

void expire_client(Tables& tables, ClientTransaction& client, base::MonotonicNs now) noexcept {
    if (is_due(client.end_at, now)) {
        give_up_client(tables, client, now); // timers B and F: TellTimeout -> Terminated
        return;
    }
    if (is_due(client.repeat_at, now)) {
        repeat_request(tables, client, now);
    }
    arm_client(tables, client);
}

} // namespace tandem::transaction
