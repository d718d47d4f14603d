// SPDX-License-Identifier: Apache-2.0
//
// How live client transactions begin and end.
#include "base/assert.hpp"
#include "transaction/tables.hpp"

namespace tandem::transaction {

ClientTransaction* begin_client(Tables& tables,
                                const SendRequest& command,
                                const sipparse::MessageView& view) noexcept {
    if (!has_lingering_room(tables)) {
        tables.output.count(Counter::FullLingering);
        return nullptr;
    }
    StoredMessage kept = tables.messages.put(view.message());
    if (!kept.is_set()) {
        tables.output.count(Counter::FullBuffers);
        return nullptr;
    }
    const auto handle = tables.clients.create();
    ClientTransaction* const client = tables.clients.get(handle);
    if (client == nullptr) {
        tables.output.count(Counter::FullClientTransactions);
        tables.messages.release(kept);
        return nullptr;
    }
    client->timer.owner = handle.packed();
    client->timer.kind = static_cast<std::uint32_t>(TimerOwner::Client);
    client->flow = command.flow;
    client->request = kept;
    client->slot = command.transaction.index;
    client->cseq_number = view.cseq_number();
    client->core_life = tables.core_life;
    client->method = view.method();
    tables.slots.use(client->slot, SlotPlace::Live, handle.index);
    tables.slots.at(client->slot).user = command.user;
    recount(tables, *client);
    return client;
}

void arm_client(Tables& tables, ClientTransaction& client) noexcept {
    base::MonotonicNs first = client.end_at;
    if (client.repeat_at != 0 && (first == 0 || client.repeat_at < first)) {
        first = client.repeat_at;
    }
    recount(tables, client);
    TANDEM_ASSERT(first != 0); // a live client always has an end
    tables.wheel.arm(client.timer, first);
}

void recount(Tables& tables, ClientTransaction& client) noexcept {
    StateCounts& states = tables.states;
    move_count(client.counted,
               client.is_invite()
                   ? states.invite_client[static_cast<std::size_t>(client.invite)]
                   : states.non_invite_client[static_cast<std::size_t>(client.non_invite)]);
}

void drop_client(Tables& tables, ClientTransaction& client) noexcept {
    tables.wheel.cancel(client.timer);
    tables.messages.release(client.request);
    --*client.counted;
    if (is_orphan(tables, client.core_life)) {
        --tables.orphans;
    }
    tables.clients.destroy(tables.clients.handle_at(tables.slots.at(client.slot).record));
}

} // namespace tandem::transaction
