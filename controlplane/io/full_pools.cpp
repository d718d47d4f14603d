// SPDX-License-Identifier: Apache-2.0
//
// Compares the refusals of each pool with those of a second ago.
#include "controlplane/io/full_pools.hpp"

#include <array>

#include "base/log.hpp"

namespace tandem::controlplane {

void FullPools::report(CoreThread& thread) {
    std::array<PoolUse, kCorePoolCount> pools;
    const bool answered = thread.query([&](const Core& core, const Now&) { pools = core.pools(); });
    if (!answered) {
        base::log::warning("the core did not answer within a second");
        return;
    }
    for (const auto& pool : pools) {
        auto& before = reported_[std::string(pool.name)];
        if (pool.refused > before) {
            base::log::warning("pool {} is full: {} of {} in use, {} refused since the last line",
                               pool.name,
                               pool.in_use,
                               pool.capacity,
                               pool.refused - before);
        }
        before = pool.refused;
    }
}

} // namespace tandem::controlplane
