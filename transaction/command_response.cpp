// SPDX-License-Identifier: Apache-2.0
//
// The core answers a request: the machine decides, the bytes are kept for repetition and sent.
#include "base/assert.hpp"
#include "sipparse/index.hpp"
#include "transaction/match_key.hpp"
#include "transaction/timers.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

Reliable* free_reliable(ServerTransaction& server) noexcept {
    for (Reliable& reliable : server.reliables) {
        if (!reliable.is_waiting) {
            return &reliable;
        }
    }
    return nullptr;
}

// Keeps the bytes as the last response; they are lost to repetition when no buffer is free.
void keep_response(Tables& tables,
                   ServerTransaction& server,
                   const sipparse::MessageView& view) noexcept {
    server.last_reliable = kReliablesMax;
    tables.messages.release(server.response);
    server.response = tables.messages.put(view.message());
    if (!server.response.is_set()) {
        tables.output.count(Counter::FullBuffers);
    }
}

void keep_reliable(Tables& tables,
                   ServerTransaction& server,
                   const SendResponse& command,
                   const sipparse::MessageView& view) noexcept {
    Reliable* const reliable = free_reliable(server);
    TANDEM_ASSERT(reliable != nullptr); // find_fault looked
    reliable->message = tables.messages.put(view.message());
    if (!reliable->message.is_set()) {
        tables.output.count(Counter::FullBuffers);
        return;
    }
    tables.messages.release(server.response);
    reliable->rseq = command.rseq;
    reliable->status_code = view.status_code();
    reliable->is_waiting = true;
    reliable->interval_ns = kReliableFirstNs;
    reliable->repeat_at = command.now + kReliableFirstNs;
    reliable->end_at = command.now + kReliableEndNs;
    server.last_reliable = static_cast<std::uint8_t>(reliable - server.reliables.data());
}

// When it cannot leave the core is told.
void send_first(Tables& tables,
                ServerHandle handle,
                const SendResponse& command,
                const sipparse::MessageView& view) noexcept {
    ServerTransaction& server = *tables.servers.get(handle);
    server.status_code = view.status_code();
    const bool left = send(tables,
                           {.flow = server.reply,
                            .bytes = view.message(),
                            .body = view.body(),
                            .call = server.call,
                            .cseq_number = server.cseq_number,
                            .status_code = server.status_code,
                            .method = server.method,
                            .now = command.now});
    if (!left) {
        tell_server(tables, handle, TimeoutKind::TransportServer, command.now);
    }
}

void begin_repetition(Tables& tables,
                      ServerHandle handle,
                      const sipparse::MessageView& view,
                      base::MonotonicNs now) noexcept {
    ServerTransaction& server = *tables.servers.get(handle);
    release_reliables(tables, server);
    const std::uint64_t key = ack_key(view, tables.options.hash_key);
    if (server.invite == invite_server::State::Accepted) {
        name_by_ack(tables, handle, key);
        server.interval_ns = kTwoXxFirstNs;
        server.repeat_at = now + kTwoXxFirstNs;
        server.end_at = now + kTwoXxEndNs;
        return;
    }
    server.failure_ack_key = key;
    server.interval_ns = kTimerGFirstNs;
    server.repeat_at = tables.options.repeats ? now + kTimerGFirstNs : 0;
    server.end_at = now + kTimerHNs;
}

void respond_to_invite(Tables& tables,
                       const SendResponse& command,
                       const sipparse::MessageView& view) noexcept {
    using invite_server::Event;
    constexpr Event kEvents[] = {Event::Provisional, Event::Success, Event::Failure};
    ServerTransaction& server = *tables.servers.get(command.transaction);
    const auto response = response_class(view.status_code());
    const auto step =
        invite_server::step(server.invite, kEvents[static_cast<std::size_t>(response)]);
    if (step.actions.has(invite_server::Action::Refuse)) {
        tables.output.count(Counter::CommandSecondFinal);
        return;
    }
    server.invite = step.state;
    server.trying_at = 0;
    tables.messages.release(server.trying);
    if (response != ResponseClass::Provisional) {
        begin_repetition(tables, command.transaction, view, command.now);
        keep_response(tables, server, view);
    } else if (command.reliable) {
        keep_reliable(tables, server, command, view);
        server.end_at = command.now + kUnansweredInviteNs;
    } else {
        keep_response(tables, server, view);
        server.end_at = command.now + kUnansweredInviteNs;
    }
    send_first(tables, command.transaction, command, view);
    settle_server(tables, command.transaction, command.now);
}

void respond_to_non_invite(Tables& tables,
                           const SendResponse& command,
                           const sipparse::MessageView& view) noexcept {
    using non_invite_server::Event;
    ServerTransaction& server = *tables.servers.get(command.transaction);
    const bool is_provisional = response_class(view.status_code()) == ResponseClass::Provisional;
    const auto step = non_invite_server::step(server.non_invite,
                                              is_provisional ? Event::Provisional : Event::Final);
    if (step.actions.has(non_invite_server::Action::Refuse)) {
        tables.output.count(Counter::CommandSecondFinal);
        return;
    }
    server.non_invite = step.state;
    server.end_at = is_provisional ? server.end_at : 0;
    keep_response(tables, server, view);
    send_first(tables, command.transaction, command, view);
    settle_server(tables, command.transaction, command.now);
}

std::optional<Counter> find_fault(ServerTransaction& server,
                                  const SendResponse& command,
                                  const sipparse::MessageView& view) noexcept {
    if (!view.is_response() || view.method() != server.method ||
        view.cseq_number() != server.cseq_number) {
        return Counter::CommandUnreadable;
    }
    if (!command.reliable) {
        return std::nullopt;
    }
    const bool can_be_reliable = server.is_invite() && view.status_code() > 100 &&
                                 view.status_code() < 200 &&
                                 server.invite == invite_server::State::Proceeding;
    if (!can_be_reliable) {
        return Counter::CommandOutOfState; // RFC 3262 3: 101 to 199, only of INVITE
    }
    if (free_reliable(server) == nullptr) {
        return Counter::CommandTooManyReliables;
    }
    return std::nullopt;
}

} // namespace

void command_response(Tables& tables, const SendResponse& command) noexcept {
    tables.visits.visit(base::Stage::ServerResponse);
    ServerTransaction* const server = tables.servers.get(command.transaction);
    if (server == nullptr) {
        tables.output.count(Counter::CommandStaleHandle);
        return;
    }
    if (sipparse::index_datagram(command.message, tables.command_index) !=
        sipparse::ParseError::None) {
        tables.output.count(Counter::CommandUnreadable);
        return;
    }
    const sipparse::MessageView view{command.message, &tables.command_index};
    if (const auto fault = find_fault(*server, command, view)) {
        tables.output.count(*fault);
        return;
    }
    if (server->is_invite()) {
        respond_to_invite(tables, command, view);
    } else {
        respond_to_non_invite(tables, command, view);
    }
}

void command_stop_repeating(Tables& tables, const StopRepeating& command) noexcept {
    tables.visits.visit(base::Stage::ServerResponse);
    ServerTransaction* const server = tables.servers.get(command.transaction);
    if (server == nullptr) {
        tables.output.count(Counter::CommandStaleHandle);
        return;
    }
    for (Reliable& reliable : server->reliables) {
        if (reliable.is_waiting && reliable.rseq == command.rseq) {
            stop_reliable(tables, *server, reliable);
            return;
        }
    }
    tables.output.count(Counter::CommandOutOfState); // the final response stopped it already
}

} // namespace tandem::transaction
