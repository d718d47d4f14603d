// SPDX-License-Identifier: Apache-2.0
//
// HashTable: open addressing from a keyed 64 bit hash (base/siphash.hpp) to a 32 bit value, usually
// the index of a pooled object that holds the full key. Fixed size, no allocation after
// construction, no tombstones (deletion shifts back), so its speed does not decay. It stores no
// keys: the caller compares. One thread uses a table.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/assert.hpp"
#include "base/huge_memory.hpp"

namespace tandem::base {

class HashTable {
  public:
    // Room for `capacity` entries (1 to 2^31); `name` (static storage) is for reports. Ends the
    // process when the memory cannot be had, so construct at start.
    HashTable(const char* name,
              std::uint32_t capacity,
              PageChoice pages = PageChoice::Transparent) noexcept;

    // The value of the first entry with this hash for which is_equal(value) says yes.
    template <typename IsEqual>
    [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t hash, IsEqual&& is_equal) const {
        for (std::size_t at = home(hash); slots_[at].value != kEmpty; at = after(at)) {
            if (slots_[at].hash == hash && is_equal(slots_[at].value)) {
                return slots_[at].value;
            }
        }
        return std::nullopt;
    }

    // visit(value) for each entry with this hash. The visitor must not change the table.
    template <typename Visit>
    void for_each_match(std::uint64_t hash, Visit&& visit) const {
        for (std::size_t at = home(hash); slots_[at].value != kEmpty; at = after(at)) {
            if (slots_[at].hash == hash) {
                visit(slots_[at].value);
            }
        }
    }

    // Adds an entry without looking for an equal one. False when the table is full (counted).
    // `value` is any number but 2^32 - 1.
    [[nodiscard]] bool insert(std::uint64_t hash, std::uint32_t value) noexcept;
    // Removes the entry with this hash and value; false when there is none.
    bool erase(std::uint64_t hash, std::uint32_t value) noexcept;
    void clear() noexcept;

    [[nodiscard]] const char* name() const noexcept { return name_; }

    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }

    [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }

    // How often insert() said no.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

  private:
    static constexpr std::uint32_t kEmpty = std::numeric_limits<std::uint32_t>::max();

    struct Slot {
        std::uint64_t hash;
        std::uint32_t value; // kEmpty: no entry
        std::uint32_t reserved;
    };

    // A quarter stays empty, so a probe always ends and stays short.
    [[nodiscard]] static constexpr std::size_t slot_count(std::uint32_t capacity) noexcept {
        return std::bit_ceil(std::size_t{capacity} + capacity / 3 + 1);
    }

    [[nodiscard]] std::size_t home(std::uint64_t hash) const noexcept { return hash & mask_; }

    [[nodiscard]] std::size_t after(std::size_t at) const noexcept { return (at + 1) & mask_; }

    const char* name_;
    std::uint32_t capacity_;
    std::uint32_t size_ = 0;
    std::uint64_t refused_ = 0;
    std::size_t mask_;
    HugeMemory memory_;
    Slot* slots_;
};

} // namespace tandem::base
