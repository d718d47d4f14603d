// SPDX-License-Identifier: Apache-2.0
//
// How transactions begin and end to linger. A live record reserved the place, so moving cannot
// fail, and the bytes move without a copy.
#include <utility>

#include "base/assert.hpp"
#include "transaction/tables.hpp"
#include "transaction/timers.hpp"

namespace tandem::transaction {
namespace {

bool is_short(LingeringKind kind) noexcept {
    return kind == LingeringKind::InviteServerConfirmed || kind == LingeringKind::NonInviteClient ||
           kind == LingeringKind::Refused;
}

bool is_client(LingeringKind kind) noexcept {
    return kind == LingeringKind::NonInviteClient || kind == LingeringKind::InviteClientUnacked ||
           kind == LingeringKind::InviteClientCompleted ||
           kind == LingeringKind::InviteClientAccepted;
}

// Zero: on a reliable transport this kind has nothing to wait for.
std::uint64_t duration(LingeringKind kind, bool repeats) noexcept {
    switch (kind) {
    case LingeringKind::NonInviteServer:
        return timer_j(repeats);
    case LingeringKind::InviteServerConfirmed:
        return timer_i(repeats);
    case LingeringKind::Refused:
        return repeats ? kRefusalNs : 0;
    case LingeringKind::NonInviteClient:
        return timer_k(repeats);
    case LingeringKind::InviteServerAccepted:
        return kTimerLNs;
    case LingeringKind::InviteClientUnacked:
    case LingeringKind::InviteClientCompleted:
        return kTimerDNs;
    case LingeringKind::InviteClientAccepted:
        return kTimerMNs;
    }
    return 0;
}

std::uint32_t& counter_of(StateCounts& states, LingeringKind kind) noexcept {
    const auto at = [](auto& counts, auto state) -> std::uint32_t& {
        return counts[static_cast<std::size_t>(state)];
    };
    switch (kind) {
    case LingeringKind::NonInviteServer:
        return at(states.non_invite_server, non_invite_server::State::Completed);
    case LingeringKind::InviteServerConfirmed:
        return at(states.invite_server, invite_server::State::Confirmed);
    case LingeringKind::InviteServerAccepted:
        return at(states.invite_server, invite_server::State::Accepted);
    case LingeringKind::NonInviteClient:
        return at(states.non_invite_client, non_invite_client::State::Completed);
    case LingeringKind::InviteClientUnacked:
    case LingeringKind::InviteClientCompleted:
        return at(states.invite_client, invite_client::State::Completed);
    case LingeringKind::InviteClientAccepted:
        return at(states.invite_client, invite_client::State::Accepted);
    case LingeringKind::Refused:
        break;
    }
    return states.refused;
}

std::uint32_t append(Tables& tables, Lingering record, base::MonotonicNs now) noexcept {
    LingeringQueue& queue = is_short(record.kind) ? tables.short_queue : tables.long_queue;
    record.deadline = now + queue.duration_ns;
    const auto handle = tables.lingering.create(record);
    TANDEM_ASSERT(handle.is_set());
    if (queue.last == ClientSlot::kNone) {
        queue.first = handle.index;
    } else {
        tables.lingering.at(queue.last)->next = handle.index;
    }
    queue.last = handle.index;
    ++counter_of(tables.states, record.kind);
    return handle.index;
}

ServerKeys keys_of(const Lingering& record) noexcept {
    return {.transaction = record.key, .merge = record.merge_key, .ack = record.ack_key};
}

bool repeats_response(LingeringKind kind) noexcept {
    return kind == LingeringKind::NonInviteServer || kind == LingeringKind::Refused;
}

void release_forks(Tables& tables, const Lingering& record) noexcept {
    std::uint32_t index = record.first_fork;
    while (index != ClientSlot::kNone) {
        Fork& fork = *tables.forks.at(index);
        const std::uint32_t next = fork.next;
        tables.messages.release(fork.ack);
        tables.forks.destroy(tables.forks.handle_at(index));
        index = next;
    }
}

} // namespace

void linger_server(Tables& tables,
                   ServerHandle handle,
                   LingeringKind kind,
                   base::MonotonicNs now) noexcept {
    if (duration(kind, tables.options.repeats) == 0) {
        end_server(tables, handle);
        return;
    }
    ServerTransaction& server = *tables.servers.get(handle);
    Lingering record;
    record.key = server.keys.transaction;
    record.merge_key = server.keys.merge;
    record.ack_key = server.keys.ack;
    record.flow = server.reply;
    record.cseq_number = server.cseq_number;
    record.status_code = server.status_code;
    record.method = server.method;
    record.kind = kind;
    if (repeats_response(kind)) {
        record.bytes = std::exchange(server.response, {});
    }
    end_server(tables, handle); // frees the place that append() takes
    const std::uint32_t index = append(tables, record, now);
    add_names(tables, keys_of(record), {.index = index, .is_lingering = true});
}

void linger_client(Tables& tables,
                   ClientTransaction& client,
                   LingeringKind kind,
                   std::uint64_t to_tag_key,
                   base::MonotonicNs now) noexcept {
    const std::uint32_t slot = client.slot;
    Lingering record;
    record.ack_key = to_tag_key;
    record.flow = client.flow;
    record.cseq_number = client.cseq_number;
    record.slot = slot;
    record.method = client.method;
    record.kind = kind;
    record.core_life = client.core_life;
    if (kind == LingeringKind::InviteClientUnacked) {
        record.bytes = std::exchange(client.request, {});
    }
    drop_client(tables, client);
    if (duration(kind, tables.options.repeats) == 0) {
        tables.slots.release(slot);
        return;
    }
    tables.slots.use(slot, SlotPlace::Lingering, append(tables, record, now));
}

bool linger_refusal(Tables& tables,
                    const ArrivedRequest& request,
                    const Flow& reply,
                    std::string_view response) noexcept {
    if (tables.states.refused >= tables.options.limits.refusals_max ||
        !has_lingering_room(tables) ||
        duration(LingeringKind::Refused, tables.options.repeats) == 0) {
        return false;
    }
    const StoredMessage kept = tables.messages.put(response);
    if (!kept.is_set()) {
        return false;
    }
    Lingering record;
    record.key = request.key;
    record.flow = reply;
    record.bytes = kept;
    record.cseq_number = request.message.view.cseq_number();
    record.status_code = 503;
    record.method = request.message.view.method();
    record.kind = LingeringKind::Refused;
    const std::uint32_t index = append(tables, record, request.message.now);
    add_names(tables, keys_of(record), {.index = index, .is_lingering = true});
    return true;
}

void end_lingering(Tables& tables, std::uint32_t index) noexcept {
    Lingering& record = *tables.lingering.at(index);
    if (is_client(record.kind)) {
        release_forks(tables, record);
        tables.slots.release(record.slot);
    } else {
        remove_names(tables, keys_of(record), {.index = index, .is_lingering = true});
    }
    --counter_of(tables.states, record.kind);
    tables.messages.release(record.bytes);
    tables.lingering.destroy(tables.lingering.handle_at(index));
}

} // namespace tandem::transaction
