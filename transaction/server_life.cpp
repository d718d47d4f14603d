// SPDX-License-Identifier: Apache-2.0
//
// How live server transactions begin and end.
#include <utility>

#include "base/assert.hpp"
#include "transaction/reply_flow.hpp"
#include "transaction/tables.hpp"
#include "transaction/timers.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

void earliest(base::MonotonicNs& first, base::MonotonicNs candidate) noexcept {
    if (candidate != 0 && (first == 0 || candidate < first)) {
        first = candidate;
    }
}

void arm_server(Tables& tables, ServerTransaction& server) noexcept {
    base::MonotonicNs first = 0;
    earliest(first, server.trying_at);
    earliest(first, server.repeat_at);
    earliest(first, server.end_at);
    earliest(first, server.tell_at);
    for (const Reliable& reliable : server.reliables) {
        earliest(first, reliable.repeat_at);
        earliest(first, reliable.end_at);
    }
    if (first == 0) {
        tables.wheel.cancel(server.timer);
    } else {
        tables.wheel.arm(server.timer, first);
    }
}

void release_messages(Tables& tables, ServerTransaction& server) noexcept {
    tables.messages.release(server.trying);
    tables.messages.release(server.response);
    release_reliables(tables, server);
}

} // namespace

ServerHandle
begin_server(Tables& tables, const ArrivedRequest& request, std::uint64_t merge_key) noexcept {
    if (!has_lingering_room(tables)) {
        tables.output.count(Counter::FullLingering);
        return {};
    }
    const sipparse::MessageView& view = request.message.view;
    StoredMessage trying;
    if (view.method() == sipparse::Method::Invite) {
        trying = write_trying(tables, request);
        if (!trying.is_set()) {
            tables.output.count(Counter::FullBuffers);
            return {};
        }
    }
    const ServerHandle handle = tables.servers.create();
    ServerTransaction* const server = tables.servers.get(handle);
    if (server == nullptr) {
        tables.output.count(Counter::FullServerTransactions);
        tables.messages.release(trying);
        return {};
    }
    server->timer.owner = handle.packed();
    server->timer.kind = static_cast<std::uint32_t>(TimerOwner::Server);
    server->keys = {.transaction = request.key, .merge = merge_key};
    server->call = call_of(tables, view);
    server->reply = reply_flow(request.via, request.message.flow);
    server->end_at = request.message.now + kUnansweredRequestNs;
    server->trying = trying;
    server->cseq_number = view.cseq_number();
    server->core_life = tables.core_life;
    server->method = view.method();
    server->from_2543_client = !request.via.has_rfc3261_branch();
    add_names(tables, server->keys, {.index = handle.index});
    recount(tables, *server);
    return handle;
}

void name_by_ack(Tables& tables, ServerHandle handle, std::uint64_t ack_key) noexcept {
    ServerTransaction* const server = tables.servers.get(handle);
    TANDEM_ASSERT(server != nullptr && server->keys.ack == 0);
    server->keys.ack = ack_key;
    add_names(tables, {.ack = ack_key}, {.index = handle.index});
}

void settle_server(Tables& tables, ServerHandle handle, base::MonotonicNs now) noexcept {
    ServerTransaction& server = *tables.servers.get(handle);
    recount(tables, server);
    if (server.tell_kinds != 0) {
        arm_server(tables, server); // the core is told before the handle goes stale
        return;
    }
    const bool is_over = server.is_invite()
                             ? server.invite == invite_server::State::Terminated
                             : server.non_invite == non_invite_server::State::Terminated;
    if (is_over) {
        end_server(tables, handle);
    } else if (!server.is_invite() && server.non_invite == non_invite_server::State::Completed) {
        linger_server(tables, handle, LingeringKind::NonInviteServer, now);
    } else if (server.is_invite() && server.invite == invite_server::State::Confirmed) {
        linger_server(tables, handle, LingeringKind::InviteServerConfirmed, now);
    } else if (server.is_invite() && server.invite == invite_server::State::Accepted &&
               server.keeper == two_xx_keeper::State::Acked) {
        linger_server(tables, handle, LingeringKind::InviteServerAccepted, now);
    } else {
        arm_server(tables, server);
    }
}

void end_server(Tables& tables, ServerHandle handle) noexcept {
    ServerTransaction& server = *tables.servers.get(handle);
    tables.wheel.cancel(server.timer);
    remove_names(tables, server.keys, {.index = handle.index});
    release_messages(tables, server);
    --*server.counted;
    if (is_orphan(tables, server.core_life)) {
        --tables.orphans;
    }
    tables.servers.destroy(handle);
}

void recount(Tables& tables, ServerTransaction& server) noexcept {
    StateCounts& states = tables.states;
    move_count(server.counted,
               server.is_invite()
                   ? states.invite_server[static_cast<std::size_t>(server.invite)]
                   : states.non_invite_server[static_cast<std::size_t>(server.non_invite)]);
}

std::string_view last_response(const Tables& tables, const ServerTransaction& server) noexcept {
    return tables.messages.bytes(server.last_reliable < kReliablesMax
                                     ? server.reliables[server.last_reliable].message
                                     : server.response);
}

void stop_reliable(Tables& tables, ServerTransaction& server, Reliable& reliable) noexcept {
    const auto index = static_cast<std::size_t>(&reliable - server.reliables.data());
    if (server.last_reliable == index) {
        tables.messages.release(server.response);
        server.response = std::exchange(reliable.message, {});
        server.last_reliable = kReliablesMax;
    }
    tables.messages.release(reliable.message);
    reliable = {};
}

void release_reliables(Tables& tables, ServerTransaction& server) noexcept {
    for (Reliable& reliable : server.reliables) {
        tables.messages.release(reliable.message);
        reliable = {};
    }
    server.last_reliable = kReliablesMax;
}

} // namespace tandem::transaction
