// SPDX-License-Identifier: Apache-2.0
//
// The places of client slots. The free list is first in, first out, so that a slot rests as long as
// possible before it is named again.
#include "transaction/client_slots.hpp"

#include <memory>

#include "base/assert.hpp"

namespace tandem::transaction {

ClientSlots::ClientSlots(std::uint32_t slots_max) noexcept
    : slots_max_(slots_max),
      memory_(base::HugeMemory::allocate_or_exit(
          "client slots", std::size_t{slots_max} * sizeof(ClientSlot), base::PageChoice::Huge)),
      slots_(reinterpret_cast<ClientSlot*>(memory_.bytes().data()), slots_max) {
    TANDEM_ASSERT(slots_max > 0 && slots_max < ClientSlot::kNone);
    for (std::uint32_t index = 0; index < slots_max; ++index) {
        ClientSlot* slot = std::construct_at(&slots_[index]);
        slot->next = index + 1 < slots_max ? index + 1 : ClientSlot::kNone;
    }
    first_free_ = 0;
    last_free_ = slots_max - 1;
    counts_[static_cast<std::size_t>(SlotPlace::Free)] = slots_max;
}

ClientSlot* ClientSlots::find(ClientHandle handle) noexcept {
    if (handle.index >= slots_max_ || slots_[handle.index].generation != handle.generation) {
        return nullptr;
    }
    return &slots_[handle.index];
}

ClientSlot& ClientSlots::at(std::uint32_t index) noexcept {
    TANDEM_ASSERT(index < slots_max_);
    return slots_[index];
}

ClientHandle ClientSlots::handle_of(std::uint32_t index) noexcept {
    return {.index = index, .generation = at(index).generation};
}

void ClientSlots::use(std::uint32_t index, SlotPlace place, std::uint32_t record) noexcept {
    ClientSlot& slot = at(index);
    TANDEM_ASSERT(place == SlotPlace::Live ? slot.place == SlotPlace::Core
                                           : slot.place == SlotPlace::Live);
    slot.record = record;
    move_to(slot, place);
}

void ClientSlots::join(std::uint32_t invite, std::uint32_t cancel) noexcept {
    at(invite).partner = cancel;
    at(cancel).partner = invite;
    at(cancel).is_cancel = true;
}

void ClientSlots::release(std::uint32_t index) noexcept {
    const SlotPlace place = at(index).place;
    TANDEM_ASSERT(place != SlotPlace::Free && place != SlotPlace::Telling);
    renew(index);
}

void ClientSlots::queue_telling(std::uint32_t index, TimeoutKind kind) noexcept {
    ClientSlot& slot = at(index);
    TANDEM_ASSERT(slot.place == SlotPlace::Live || slot.place == SlotPlace::Core);
    unjoin(slot, index);
    slot.tell = kind;
    slot.record = ClientSlot::kNone;
    slot.next = ClientSlot::kNone;
    if (last_telling_ == ClientSlot::kNone) {
        first_telling_ = index;
    } else {
        at(last_telling_).next = index;
    }
    last_telling_ = index;
    move_to(slot, SlotPlace::Telling);
}

void ClientSlots::told() noexcept {
    const std::uint32_t index = first_telling_;
    first_telling_ = at(index).next;
    if (first_telling_ == ClientSlot::kNone) {
        last_telling_ = ClientSlot::kNone;
    }
    renew(index);
}

std::size_t ClientSlots::peek_free(std::span<ClientHandle> out) noexcept {
    std::size_t filled = 0;
    for (std::uint32_t index = first_free_; index != ClientSlot::kNone && filled < out.size();
         index = slots_[index].next) {
        out[filled++] = handle_of(index);
    }
    return filled;
}

void ClientSlots::give_to_core(std::size_t count) noexcept {
    for (std::size_t given = 0; given < count; ++given) {
        ClientSlot& slot = at(first_free_);
        first_free_ = slot.next;
        slot.next = ClientSlot::kNone;
        move_to(slot, SlotPlace::Core);
    }
    if (first_free_ == ClientSlot::kNone) {
        last_free_ = ClientSlot::kNone;
    }
}

void ClientSlots::take_back() noexcept {
    for (std::uint32_t index = 0; index < slots_max_; ++index) {
        slots_[index].user = 0;
        if (slots_[index].place == SlotPlace::Core) {
            renew(index);
        }
    }
}

void ClientSlots::move_to(ClientSlot& slot, SlotPlace place) noexcept {
    --counts_[static_cast<std::size_t>(slot.place)];
    ++counts_[static_cast<std::size_t>(place)];
    slot.place = place;
}

void ClientSlots::unjoin(ClientSlot& slot, std::uint32_t index) noexcept {
    if (slot.partner != ClientSlot::kNone) {
        ClientSlot& partner = at(slot.partner);
        if (partner.partner == index) {
            partner.partner = ClientSlot::kNone;
        }
    }
    slot.partner = ClientSlot::kNone;
    slot.is_cancel = false;
}

// To the end of the free list under a new generation.
void ClientSlots::renew(std::uint32_t index) noexcept {
    ClientSlot& slot = at(index);
    unjoin(slot, index);
    move_to(slot, SlotPlace::Free);
    slot.generation = slot.generation == ClientSlot::kNone ? 1 : slot.generation + 1;
    slot.record = ClientSlot::kNone;
    slot.user = 0;
    slot.next = ClientSlot::kNone;
    if (last_free_ == ClientSlot::kNone) {
        first_free_ = index;
    } else {
        slots_[last_free_].next = index;
    }
    last_free_ = index;
}

} // namespace tandem::transaction
