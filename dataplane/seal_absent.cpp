// SPDX-License-Identifier: Apache-2.0
//
// Stands in for seal_malloc.cpp in builds without a sealed allocator: release.
#include "dataplane/seal.hpp"

namespace tandem::dataplane {

bool can_seal_allocations() noexcept {
    return false;
}

void seal_allocations() noexcept {}

void unseal_allocations() noexcept {}

} // namespace tandem::dataplane
