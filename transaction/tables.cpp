// SPDX-License-Identifier: Apache-2.0
//
// Construction of the tables, the names of server transactions and the search for them.
#include "transaction/tables.hpp"

#include "base/assert.hpp"
#include "transaction/timers.hpp"

namespace tandem::transaction {
namespace {

constexpr std::uint32_t kKeysPerServer = 3;

// All lingering ones could be servers with all three keys; a live one holds a lingering place.
std::uint32_t names_max(const LayerLimits& limits) noexcept {
    TANDEM_ASSERT(limits.lingering_max < Name::kLingeringBit / kKeysPerServer);
    TANDEM_ASSERT(limits.server_transactions_max < Name::kLingeringBit);
    return limits.lingering_max * kKeysPerServer;
}

template <typename Visit>
void for_each_key(const ServerKeys& keys, Visit&& visit) {
    for (const std::uint64_t key : {keys.transaction, keys.merge, keys.ack}) {
        if (key != 0) {
            visit(key);
        }
    }
}

static_assert(kTimerINs == kTimerKNs && kTimerINs == kRefusalNs, "they share the short queue");
static_assert(kTimerJNs == kTimerDNs && kTimerJNs == kTimerLNs && kTimerJNs == kTimerMNs,
              "they share the long queue");

} // namespace

Tables::Tables(const LayerOptions& given, Output& out)
    : options(given), output(out), wheel(0),
      servers("server transactions", given.limits.server_transactions_max, base::PageChoice::Huge),
      clients("client transactions", given.limits.client_transactions_max, base::PageChoice::Huge),
      lingering("lingering transactions", given.limits.lingering_max, base::PageChoice::Huge),
      forks("forked 2xx", given.limits.forks_max),
      names("transaction keys", names_max(given.limits), base::PageChoice::Huge),
      slots(given.limits.client_slots_max), messages(given.limits.buffers_max) {
    short_queue.duration_ns = kTimerINs;
    long_queue.duration_ns = kTimerJNs;
}

void add_names(Tables& tables, const ServerKeys& keys, Name name) noexcept {
    for_each_key(keys, [&](std::uint64_t key) {
        const bool inserted = tables.names.insert(key, name.packed());
        TANDEM_ASSERT(inserted); // the table holds all keys of all records there can be
    });
}

void remove_names(Tables& tables, const ServerKeys& keys, Name name) noexcept {
    for_each_key(keys, [&](std::uint64_t key) { tables.names.erase(key, name.packed()); });
}

ServerMatch find_server(Tables& tables, std::uint64_t key, std::uint32_t cseq_number) noexcept {
    ServerMatch match;
    tables.names.for_each_match(key, [&](std::uint32_t word) {
        const Name name = Name::unpack(word);
        if (match.is_found()) {
            return;
        }
        if (name.is_lingering) {
            Lingering* const record = tables.lingering.at(name.index);
            match.lingering = record->cseq_number == cseq_number ? record : nullptr;
            return;
        }
        ServerTransaction* const record = tables.servers.at(name.index);
        if (record->cseq_number == cseq_number) {
            match.live = record;
            match.handle = tables.servers.handle_at(name.index);
        }
    });
    return match;
}

bool is_named(const Tables& tables, std::uint64_t key) noexcept {
    return tables.names.find(key, [](std::uint32_t) { return true; }).has_value();
}

bool has_lingering_room(const Tables& tables) noexcept {
    return tables.lingering.in_use() + tables.servers.in_use() + tables.clients.in_use() <
           tables.lingering.capacity();
}

} // namespace tandem::transaction
