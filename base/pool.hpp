// SPDX-License-Identifier: Apache-2.0
//
// Pool<T>: a fixed number of objects in memory taken once at construction, named by handles of
// {index, generation}. A stale handle is refused, a full pool is counted and says no; neither is
// an error of the caller. Nothing is allocated after construction. One thread uses a pool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "base/assert.hpp"
#include "base/handle.hpp"
#include "base/huge_memory.hpp"

namespace tandem::base {

// T: the pooled type. Tag: that of the handles (Handle<Tag>); by default T itself.
template <typename T, typename Tag = T>
class Pool {
  public:
    using HandleType = Handle<Tag>;

    // `name` (static storage) appears in reports: "pool <name> is full". 1 <= capacity < 2^32 - 1.
    // Ends the process when the memory cannot be had, so construct at start.
    Pool(const char* name, std::uint32_t capacity, PageChoice pages = PageChoice::Transparent)
        : name_(name), capacity_(capacity),
          memory_(HugeMemory::allocate_or_exit(name, std::size_t{capacity} * sizeof(Slot), pages)),
          slots_(reinterpret_cast<Slot*>(memory_.bytes().data())) {
        TANDEM_ASSERT(capacity > 0 && capacity < kLive);
    }

    ~Pool() {
        for_each([this](HandleType handle, T&) { destroy(handle); });
    }

    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    Pool(Pool&&) = delete;
    Pool& operator=(Pool&&) = delete;

    // Constructs a T from the arguments. A handle that is not set means: full, and counted in
    // refused(). O(1).
    template <typename... Args>
    [[nodiscard]] HandleType create(Args&&... args) noexcept {
        std::uint32_t index = first_free_;
        if (index != kNone) {
            first_free_ = slots_[index].link;
        } else if (touched_ < capacity_) {
            index = touched_++;
            slots_[index].generation = 1;
        } else {
            ++refused_;
            return {};
        }
        Slot& slot = slots_[index];
        slot.link = kLive;
        std::construct_at(slot.object(), std::forward<Args>(args)...);
        ++in_use_;
        peak_ = in_use_ > peak_ ? in_use_ : peak_;
        return {.index = index, .generation = slot.generation};
    }

    // The object, or nullptr for a handle that is stale, not set or out of range (a handle may come
    // from the other process). Valid until destroy(). O(1).
    [[nodiscard]] T* get(HandleType handle) noexcept {
        return is_live(handle) ? slots_[handle.index].object() : nullptr;
    }

    [[nodiscard]] const T* get(HandleType handle) const noexcept {
        return is_live(handle) ? slots_[handle.index].object() : nullptr;
    }

    // The object that lives at an index, or nullptr; for tables that keep indices only.
    [[nodiscard]] T* at(std::uint32_t index) noexcept {
        return index < touched_ && slots_[index].link == kLive ? slots_[index].object() : nullptr;
    }

    [[nodiscard]] const T* at(std::uint32_t index) const noexcept {
        return index < touched_ && slots_[index].link == kLive ? slots_[index].object() : nullptr;
    }

    // The handle of the object that lives at an index; not set when none does.
    [[nodiscard]] HandleType handle_at(std::uint32_t index) const noexcept {
        if (at(index) == nullptr) {
            return {};
        }
        return {.index = index, .generation = slots_[index].generation};
    }

    // Ends the object and makes its handle stale. False (and nothing happens) for a stale handle.
    // O(1).
    bool destroy(HandleType handle) noexcept {
        if (!is_live(handle)) {
            return false;
        }
        Slot& slot = slots_[handle.index];
        std::destroy_at(slot.object());
        slot.generation = next_generation(slot.generation);
        slot.link = first_free_;
        first_free_ = handle.index;
        --in_use_;
        return true;
    }

    // Calls visit(HandleType, T&) for each live object in index order. The visitor may destroy any
    // object and may create some (those may or may not be visited).
    template <typename Visit>
    void for_each(Visit&& visit) {
        for (std::uint32_t index = 0; index < touched_; ++index) {
            Slot& slot = slots_[index];
            if (slot.link == kLive) {
                visit(HandleType{.index = index, .generation = slot.generation}, *slot.object());
            }
        }
    }

    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (std::uint32_t index = 0; index < touched_; ++index) {
            const Slot& slot = slots_[index];
            if (slot.link == kLive) {
                visit(HandleType{.index = index, .generation = slot.generation}, *slot.object());
            }
        }
    }

    [[nodiscard]] const char* name() const noexcept { return name_; }

    [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }

    [[nodiscard]] std::uint32_t in_use() const noexcept { return in_use_; }

    // Memory one object takes, with what the pool keeps about it.
    [[nodiscard]] static constexpr std::size_t element_bytes() noexcept { return sizeof(Slot); }

    // The most objects that ever lived at once.
    [[nodiscard]] std::uint32_t peak() const noexcept { return peak_; }

    // How often create() said no.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

    [[nodiscard]] bool is_full() const noexcept { return in_use_ == capacity_; }

    [[nodiscard]] PageKind page_kind() const noexcept { return memory_.kind(); }

  private:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t kLive = kNone - 1; // no index: capacity is below it

    struct Slot {
        alignas(T) std::byte storage[sizeof(T)];
        std::uint32_t generation; // of the object that lives here or comes next; never 0
        std::uint32_t link;       // kLive, or the next free slot

        [[nodiscard]] T* object() noexcept { return reinterpret_cast<T*>(storage); }

        [[nodiscard]] const T* object() const noexcept {
            return reinterpret_cast<const T*>(storage);
        }
    };

    static constexpr std::uint32_t next_generation(std::uint32_t generation) noexcept {
        return generation == std::numeric_limits<std::uint32_t>::max() ? 1 : generation + 1;
    }

    [[nodiscard]] bool is_live(HandleType handle) const noexcept {
        return handle.index < touched_ && slots_[handle.index].link == kLive &&
               slots_[handle.index].generation == handle.generation;
    }

    const char* name_;
    std::uint32_t capacity_;
    HugeMemory memory_;
    Slot* slots_;
    std::uint32_t touched_ = 0; // slots from here on were never used and are not in the free list
    std::uint32_t first_free_ = kNone;
    std::uint32_t in_use_ = 0;
    std::uint32_t peak_ = 0;
    std::uint64_t refused_ = 0;
};

} // namespace tandem::base
