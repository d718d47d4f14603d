// SPDX-License-Identifier: Apache-2.0
//
// The core sends a request: a client transaction begins in the slot it took. A command that cannot
// be carried out is counted, and the core is told that the request did not leave.
#include "sipparse/index.hpp"
#include "transaction/timers.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

using sipparse::Method;

// Does the message stand under the branch by which its responses will be found?
bool has_branch_of(const Tables& tables,
                   const sipparse::MessageView& view,
                   ClientHandle handle) noexcept {
    const auto via = sipparse::top_via(view);
    const auto branch = via ? read_branch(via->branch) : std::nullopt;
    return branch && branch->owner == tables.options.owner && branch->transaction == handle &&
           branch->check == branch_check(branch->owner, handle, tables.options.branch_key);
}

// Of a CANCEL: the slot of its INVITE, which must be in use and have no CANCEL yet.
bool can_cancel(Tables& tables, ClientHandle invite) noexcept {
    const ClientSlot* const slot = tables.slots.find(invite);
    if (slot == nullptr || slot->partner != ClientSlot::kNone) {
        return false;
    }
    if (slot->place == SlotPlace::Live) {
        return tables.clients.at(slot->record)->is_invite();
    }
    return slot->place == SlotPlace::Lingering &&
           tables.lingering.at(slot->record)->method == Method::Invite;
}

// From the CANCEL on the INVITE has 64*T1 for its final response (9.1).
void mark_cancelled(Tables& tables, const SendRequest& command) noexcept {
    tables.slots.join(command.invite.index, command.transaction.index);
    const ClientSlot& slot = tables.slots.at(command.invite.index);
    if (slot.place != SlotPlace::Live) {
        return; // the final response crossed the CANCEL
    }
    ClientTransaction& invite = *tables.clients.at(slot.record);
    invite.is_cancelled = true;
    if (invite.invite == invite_client::State::Proceeding) {
        invite.end_at = command.now + kCancelledNs;
        arm_client(tables, invite);
    }
}

std::optional<Counter>
find_fault(Tables& tables, const SendRequest& command, const sipparse::MessageView& view) noexcept {
    if (!view.is_request() || view.method() == Method::Ack) {
        return Counter::CommandUnreadable;
    }
    const bool is_cancel = view.method() == Method::Cancel;
    if (is_cancel != command.invite.is_set()) {
        return Counter::CommandOutOfState;
    }
    if (is_cancel && !can_cancel(tables, command.invite)) {
        return Counter::CommandOutOfState;
    }
    if (!has_branch_of(tables, view, is_cancel ? command.invite : command.transaction)) {
        return Counter::CommandWrongBranch;
    }
    return std::nullopt;
}

void start(Tables& tables,
           const SendRequest& command,
           const sipparse::MessageView& view,
           ClientTransaction& client) noexcept {
    if (client.is_invite()) {
        client.interval_ns = kTimerAFirstNs;
        client.end_at = command.now + kTimerBNs;
    } else {
        client.interval_ns = kTimerEFirstNs;
        client.end_at = command.now + kTimerFNs;
    }
    if (tables.options.repeats) {
        client.repeat_at = command.now + client.interval_ns;
    }
    const bool left = send(tables,
                           {.flow = client.flow,
                            .bytes = tables.messages.bytes(client.request),
                            .body = view.body(),
                            .call = client.call,
                            .cseq_number = client.cseq_number,
                            .method = client.method,
                            .now = command.now});
    if (left) {
        arm_client(tables, client);
        return;
    }
    // Both machines: TransportError -> Terminated, told (17.1.4).
    drop_client(tables, client);
    tell_client(tables, command.transaction.index, TimeoutKind::TransportClient, command.now);
}

} // namespace

void command_request(Tables& tables, const SendRequest& command) noexcept {
    tables.visits.visit(base::Stage::ClientRequest);
    const ClientSlot* const slot = tables.slots.find(command.transaction);
    if (slot == nullptr || slot->place != SlotPlace::Core) {
        tables.output.count(Counter::CommandStaleHandle);
        return;
    }
    const std::uint32_t index = command.transaction.index;
    tables.slots.at(index).user = command.user;
    if (sipparse::index_datagram(command.message, tables.command_index) !=
        sipparse::ParseError::None) {
        tables.output.count(Counter::CommandUnreadable);
        tell_client(tables, index, TimeoutKind::TransportClient, command.now);
        return;
    }
    const sipparse::MessageView view{command.message, &tables.command_index};
    if (const auto fault = find_fault(tables, command, view)) {
        tables.output.count(*fault);
        tell_client(tables, index, TimeoutKind::TransportClient, command.now);
        return;
    }
    ClientTransaction* const client = begin_client(tables, command, view);
    if (client == nullptr) {
        tables.output.count(Counter::CommandPoolFull);
        tell_client(tables, index, TimeoutKind::TransportClient, command.now);
        return;
    }
    client->call = call_of(tables, view);
    if (client->method == Method::Cancel) {
        mark_cancelled(tables, command);
    }
    start(tables, command, view, *client);
}

} // namespace tandem::transaction
