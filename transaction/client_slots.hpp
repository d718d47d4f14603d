// SPDX-License-Identifier: Apache-2.0
//
// The slots client transactions are named by. A slot is free, or in the core's list, or used by a
// live or lingering transaction, or waits for the core to be told how its transaction failed. Keeps
// these five apart and the generations moving; never sends or publishes. One thread, the layer's.
//
//   Free --offered--> Core --send_request--> Live --final--> Lingering --timer--> Free
//     ^                 | return_slot, new core    | no final
//     +-----------------+                          v
//     +--------------------- told ------------- Telling
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "base/huge_memory.hpp"
#include "transaction/names.hpp"

namespace tandem::transaction {

enum class SlotPlace : std::uint8_t { Free, Core, Live, Lingering, Telling };

inline constexpr std::size_t kSlotPlaceCount = 5;

struct ClientSlot {
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    std::uint64_t user = 0;        // as the core gave it
    std::uint32_t generation = 1;  // of the handle in use or given out next; never 0
    std::uint32_t record = kNone;  // index of the live or lingering record
    std::uint32_t next = kNone;    // in the free list or among those to be told
    std::uint32_t partner = kNone; // of an INVITE: the slot of its CANCEL, and the other way round
    SlotPlace place = SlotPlace::Free;
    TimeoutKind tell = TimeoutKind::ClientFinal; // in Telling
    bool is_cancel = false;                      // the partner is the INVITE
};

class ClientSlots {
  public:
    // 1 <= slots_max < 2^32 - 1.
    explicit ClientSlots(std::uint32_t slots_max) noexcept;

    // The slot a handle names, whatever its place; nullptr when it is stale or out of range.
    [[nodiscard]] ClientSlot* find(ClientHandle handle) noexcept;
    // index < slots_max.
    [[nodiscard]] ClientSlot& at(std::uint32_t index) noexcept;
    [[nodiscard]] ClientHandle handle_of(std::uint32_t index) noexcept;

    // Core -> Live or Live -> Lingering.
    void use(std::uint32_t index, SlotPlace place, std::uint32_t record) noexcept;
    // Makes the two find each other; ends with either of them.
    void join(std::uint32_t invite, std::uint32_t cancel) noexcept;
    // Any place but Free and Telling -> Free; its handle is stale from now on.
    void release(std::uint32_t index) noexcept;
    // Live or Core -> Telling, at the end of the queue.
    void queue_telling(std::uint32_t index, TimeoutKind kind) noexcept;

    // The one to be told next, or ClientSlot::kNone.
    [[nodiscard]] std::uint32_t first_telling() const noexcept { return first_telling_; }

    // Telling -> Free; only the first of the queue.
    void told() noexcept;

    // Fills `out` with free slots without taking them; returns how many.
    [[nodiscard]] std::size_t peek_free(std::span<ClientHandle> out) noexcept;
    // The first `count` free slots -> Core, the ones peek_free() showed.
    void give_to_core(std::size_t count) noexcept;
    // Every slot in the list of a core that is gone -> Free; the users it gave are forgotten.
    void take_back() noexcept;

    [[nodiscard]] std::uint32_t limit() const noexcept { return slots_max_; }

    [[nodiscard]] std::uint32_t count(SlotPlace place) const noexcept {
        return counts_[static_cast<std::size_t>(place)];
    }

  private:
    void move_to(ClientSlot& slot, SlotPlace place) noexcept;
    void unjoin(ClientSlot& slot, std::uint32_t index) noexcept;
    void renew(std::uint32_t index) noexcept;

    std::uint32_t slots_max_;
    base::HugeMemory memory_;
    std::span<ClientSlot> slots_;
    std::uint32_t first_free_ = ClientSlot::kNone;
    std::uint32_t last_free_ = ClientSlot::kNone;
    std::uint32_t first_telling_ = ClientSlot::kNone;
    std::uint32_t last_telling_ = ClientSlot::kNone;
    std::uint32_t counts_[kSlotPlaceCount] = {};
};

} // namespace tandem::transaction
