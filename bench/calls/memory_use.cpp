// SPDX-License-Identifier: Apache-2.0
//
// Adds up status() of the layer and pools() of the core. Tables of names are counted by their
// entries: an entry is 16 bytes, and a quarter of a table at least stays empty.
#include "bench/calls/memory_use.hpp"

#include <cstdio>
#include <numeric>
#include <unistd.h>

#include "base/pool.hpp"
#include "transaction/client_slots.hpp"
#include "transaction/records.hpp"

namespace tandem::bench {

namespace {

constexpr std::uint64_t kNameBytes = 16 * 4 / 3;
// Of an INVITE: its transaction, its merged twin, its ACK; of others the first two.
constexpr std::uint64_t kInviteNames = 3;
constexpr std::uint64_t kOtherNames = 2;
// Of a call: its id and the server transaction of its INVITE.
constexpr std::uint64_t kCallNames = 2;

template <typename T>
constexpr std::uint64_t kElement = base::Pool<T>::element_bytes();

std::uint64_t sum(const auto& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t resident_bytes() {
    unsigned long pages = 0;
    if (std::FILE* const file = std::fopen("/proc/self/statm", "re")) {
        if (std::fscanf(file, "%*u %lu", &pages) != 1) {
            pages = 0;
        }
        std::fclose(file);
    }
    return std::uint64_t{pages} * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void add_transactions(const transaction::LayerStatus& status, MemoryUse& use) {
    std::uint64_t buffers = 0;
    for (std::size_t i = 0; i < status.buffers.size(); ++i) {
        buffers += std::uint64_t{status.buffers[i].used} * transaction::kBufferClassBytes[i];
    }
    use.lingering = status.lingering.used;
    use.live_transactions = status.server_live.used + status.client_live.used;
    use.live_bytes += status.server_live.used * kElement<transaction::ServerTransaction> +
                      status.client_live.used * kElement<transaction::ClientTransaction>;
    // Buffers of live ones are few and short-lived; they are counted to what lingers.
    use.lingering_bytes =
        status.lingering.used * kElement<transaction::Lingering> +
        status.forks.used * kElement<transaction::Fork> + buffers +
        status.slots_in_use * sizeof(transaction::ClientSlot) +
        (sum(status.invite_server) * kInviteNames + sum(status.non_invite_server) * kOtherNames) *
            kNameBytes;
}

} // namespace

MemoryUse memory_use(SwitchNode& node) {
    MemoryUse use;
    add_transactions(node.node().state().layer->status(), use);
    for (const auto& pool : node.core().pools()) {
        if (pool.name == "free client slots") {
            continue; // what is in use of it is what nobody uses
        }
        use.live_bytes += pool.bytes_in_use;
        if (pool.name == "calls") {
            use.live_bytes += pool.in_use * kCallNames * kNameBytes;
        }
        if (pool.name == "bindings") {
            use.bindings_bytes = pool.bytes_in_use;
        }
    }
    use.process_bytes = resident_bytes();
    return use;
}

} // namespace tandem::bench
