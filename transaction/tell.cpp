// SPDX-License-Identifier: Apache-2.0
//
// What the core must get to know even when its ring is full: failed transactions and free slots.
// Nothing here is forgotten while a core is there; without one there is nobody to tell.
#include <array>

#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

// How soon the core is tried again: the next expire() that is a tick later.
constexpr std::uint64_t kRetryNs = base::kNsPerMs;
// Records of slots per expire(): a core that attaches gets 4,096 slots per burst, so that a worker
// with a hundred thousand slots does not fill the ring before a message.
constexpr std::size_t kSlotRecordsPerBurst = 16;

constexpr std::uint8_t bit(TimeoutKind kind) noexcept {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
}

static_assert(static_cast<unsigned>(TimeoutKind::TransportServer) < 8, "tell_kinds has eight bits");

void count_kind(Tables& tables, TimeoutKind kind) noexcept {
    switch (kind) {
    case TimeoutKind::ClientFinal:
        tables.output.count(Counter::TimeoutClientFinal);
        return;
    case TimeoutKind::ServerAck:
        tables.output.count(Counter::TimeoutServerAck);
        return;
    case TimeoutKind::TwoXxAck:
        tables.output.count(Counter::TimeoutTwoXxAck);
        return;
    case TimeoutKind::ReliableProvisional:
        tables.output.count(Counter::TimeoutReliable);
        return;
    case TimeoutKind::TransportClient:
    case TimeoutKind::TransportServer:
        return; // the failed sending was counted
    }
}

// True: told, or nobody is there to be told.
bool publish(Tables& tables, const Timeout& timeout) noexcept {
    tables.visits.visit(base::Stage::TellCore);
    if (tables.core_absent) {
        tables.output.count(Counter::TimeoutUntold);
        return true;
    }
    return tables.output.publish_timeout(timeout);
}

} // namespace

void tell_server(Tables& tables,
                 ServerHandle handle,
                 TimeoutKind kind,
                 base::MonotonicNs now) noexcept {
    ServerTransaction& server = *tables.servers.get(handle);
    count_kind(tables, kind);
    if ((server.tell_kinds & bit(kind)) != 0) {
        return; // it waits to be told already
    }
    if (!publish(tables, {.kind = kind, .handle = handle.packed(), .at = now})) {
        server.tell_kinds = static_cast<std::uint8_t>(server.tell_kinds | bit(kind));
        server.tell_at = now + kRetryNs;
    }
}

void retry_server(Tables& tables, ServerHandle handle, base::MonotonicNs now) noexcept {
    ServerTransaction& server = *tables.servers.get(handle);
    for (const TimeoutKind kind : {TimeoutKind::ServerAck,
                                   TimeoutKind::TwoXxAck,
                                   TimeoutKind::ReliableProvisional,
                                   TimeoutKind::TransportServer}) {
        if ((server.tell_kinds & bit(kind)) == 0) {
            continue;
        }
        if (!publish(tables, {.kind = kind, .handle = handle.packed(), .at = now})) {
            server.tell_at = now + kRetryNs;
            return;
        }
        server.tell_kinds = static_cast<std::uint8_t>(server.tell_kinds & ~bit(kind));
    }
    server.tell_at = 0;
}

void tell_client(Tables& tables,
                 std::uint32_t slot,
                 TimeoutKind kind,
                 base::MonotonicNs now) noexcept {
    count_kind(tables, kind);
    tables.slots.queue_telling(slot, kind);
    retry_clients(tables, now);
}

void retry_clients(Tables& tables, base::MonotonicNs now) noexcept {
    for (std::uint32_t index = tables.slots.first_telling(); index != ClientSlot::kNone;
         index = tables.slots.first_telling()) {
        const ClientSlot& slot = tables.slots.at(index);
        const Timeout timeout{.kind = slot.tell,
                              .handle = tables.slots.handle_of(index).packed(),
                              .user = slot.user,
                              .at = now};
        if (!publish(tables, timeout)) {
            return;
        }
        tables.slots.told();
    }
}

void publish_slots(Tables& tables) noexcept {
    if (tables.core_absent) {
        return;
    }
    std::array<ClientHandle, kSlotsPerPublishMax> handles;
    for (std::size_t record = 0; record < kSlotRecordsPerBurst; ++record) {
        const std::size_t count = tables.slots.peek_free(handles);
        if (count == 0) {
            return;
        }
        if (!tables.output.publish_client_slots(std::span(handles).first(count))) {
            return;
        }
        tables.slots.give_to_core(count);
    }
}

} // namespace tandem::transaction
