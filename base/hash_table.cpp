// SPDX-License-Identifier: Apache-2.0
//
// Linear probing from the hash's low bits; deletion closes the gap by moving back each following
// entry that may stand there, so no probe ever crosses a grave.
#include "base/hash_table.hpp"

#include <algorithm>

namespace tandem::base {

HashTable::HashTable(const char* name, std::uint32_t capacity, PageChoice pages) noexcept
    : name_(name), capacity_(capacity), mask_(slot_count(capacity) - 1),
      memory_(HugeMemory::allocate_or_exit(name, slot_count(capacity) * sizeof(Slot), pages)),
      slots_(reinterpret_cast<Slot*>(memory_.bytes().data())) {
    TANDEM_ASSERT(capacity > 0 && capacity <= std::uint32_t{1} << 31U);
    clear();
}

void HashTable::clear() noexcept {
    std::fill_n(slots_, mask_ + 1, Slot{.hash = 0, .value = kEmpty, .reserved = 0});
    size_ = 0;
}

bool HashTable::insert(std::uint64_t hash, std::uint32_t value) noexcept {
    TANDEM_ASSERT(value != kEmpty);
    if (size_ == capacity_) {
        ++refused_;
        return false;
    }
    std::size_t at = home(hash);
    while (slots_[at].value != kEmpty) {
        at = after(at);
    }
    slots_[at] = {.hash = hash, .value = value, .reserved = 0};
    ++size_;
    return true;
}

bool HashTable::erase(std::uint64_t hash, std::uint32_t value) noexcept {
    std::size_t gap = home(hash);
    while (slots_[gap].value != kEmpty &&
           (slots_[gap].hash != hash || slots_[gap].value != value)) {
        gap = after(gap);
    }
    if (slots_[gap].value == kEmpty) {
        return false;
    }
    for (std::size_t at = after(gap); slots_[at].value != kEmpty; at = after(at)) {
        // An entry may move back to the gap when the gap is not before its home.
        const std::size_t from_home = (at - home(slots_[at].hash)) & mask_;
        const std::size_t from_gap = (at - gap) & mask_;
        if (from_home >= from_gap) {
            slots_[gap] = slots_[at];
            gap = at;
        }
    }
    slots_[gap].value = kEmpty;
    --size_;
    return true;
}

} // namespace tandem::base
