// SPDX-License-Identifier: Apache-2.0
//
// A message that waited for the MAC of its next hop in vain. Its own branch says which transaction
// it was of. Only requests without a response end by it (17.1.4): a response is repeated with its
// request or by its timer, an ACK with its final response.
#include "sipparse/index.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

// The live client transaction whose request this is; a CANCEL has the branch of its INVITE (9.1).
ClientTransaction* find_sender(Tables& tables, const sipparse::MessageView& view) noexcept {
    const auto via = sipparse::top_via(view);
    const auto branch = via ? read_branch(via->branch) : std::nullopt;
    if (!branch || branch->owner != tables.options.owner) {
        return nullptr;
    }
    const ClientSlot* slot = tables.slots.find(branch->transaction);
    if (slot != nullptr && view.method() == sipparse::Method::Cancel) {
        slot = slot->partner == ClientSlot::kNone ? nullptr : &tables.slots.at(slot->partner);
    }
    if (slot == nullptr || slot->place != SlotPlace::Live) {
        return nullptr;
    }
    ClientTransaction* const client = tables.clients.at(slot->record);
    return client->method == view.method() ? client : nullptr;
}

bool ends_by_transport_error(const ClientTransaction& client) noexcept {
    if (client.is_invite()) {
        return invite_client::step(client.invite, invite_client::Event::TransportError)
            .actions.has(invite_client::Action::TellTransport);
    }
    return non_invite_client::step(client.non_invite, non_invite_client::Event::TransportError)
        .actions.has(non_invite_client::Action::TellTransport);
}

} // namespace

void undelivered(Tables& tables, std::string_view message, base::MonotonicNs now) noexcept {
    tables.visits.visit(base::Stage::Undelivered);
    if (sipparse::index_datagram(message, tables.command_index) != sipparse::ParseError::None) {
        return; // nothing of SIP, a keep-alive
    }
    const sipparse::MessageView view{message, &tables.command_index};
    ClientTransaction* const client = view.is_request() ? find_sender(tables, view) : nullptr;
    if (client == nullptr || !ends_by_transport_error(*client)) {
        return;
    }
    tables.output.count(Counter::TransmitFailed);
    const std::uint32_t slot = client->slot;
    drop_client(tables, *client);
    tell_client(tables, slot, TimeoutKind::TransportClient, now);
}

} // namespace tandem::transaction
