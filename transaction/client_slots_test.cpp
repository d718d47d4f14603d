// SPDX-License-Identifier: Apache-2.0
//
// The way of a slot through its places, stale handles, and the link of a CANCEL to its INVITE.
#include <array>
#include <gtest/gtest.h>

#include "transaction/client_slots.hpp"

namespace tandem::transaction {
namespace {

class ClientSlotsTest : public testing::Test {
  protected:
    ClientHandle given() {
        std::array<ClientHandle, 1> handle;
        EXPECT_EQ(slots.peek_free(handle), 1U);
        slots.give_to_core(1);
        return handle[0];
    }

    ClientSlots slots{3};
};

TEST_F(ClientSlotsTest, GoesThroughItsPlaces) {
    const ClientHandle handle = given();
    EXPECT_EQ(slots.find(handle)->place, SlotPlace::Core);
    slots.use(handle.index, SlotPlace::Live, 8);
    slots.use(handle.index, SlotPlace::Lingering, 9);
    EXPECT_EQ(slots.find(handle)->record, 9U);
    EXPECT_EQ(slots.count(SlotPlace::Lingering), 1U);
    slots.release(handle.index);
    EXPECT_EQ(slots.find(handle), nullptr);
    EXPECT_EQ(slots.count(SlotPlace::Free), 3U);
}

TEST_F(ClientSlotsTest, RefusesForeignHandles) {
    EXPECT_EQ(slots.find({}), nullptr);
    EXPECT_EQ(slots.find({.index = 3, .generation = 1}), nullptr);
    EXPECT_EQ(slots.find({.index = 0xffffffff, .generation = 1}), nullptr);
    EXPECT_EQ(slots.find({.index = 0, .generation = 2}), nullptr);
}

TEST_F(ClientSlotsTest, NamesTheLongestRestedSlotFirst) {
    const ClientHandle first = given();
    slots.release(first.index);
    EXPECT_NE(given().index, first.index);
    EXPECT_NE(given().index, first.index);
    const ClientHandle again = given();
    EXPECT_EQ(again.index, first.index);
    EXPECT_EQ(again.generation, first.generation + 1);
    std::array<ClientHandle, 1> none;
    EXPECT_EQ(slots.peek_free(none), 0U);
}

TEST_F(ClientSlotsTest, TellsInOrder) {
    const ClientHandle first = given();
    const ClientHandle second = given();
    slots.use(first.index, SlotPlace::Live, 1);
    slots.queue_telling(first.index, TimeoutKind::ClientFinal);
    slots.queue_telling(second.index, TimeoutKind::TransportClient);
    EXPECT_EQ(slots.first_telling(), first.index);
    slots.told();
    EXPECT_EQ(slots.first_telling(), second.index);
    EXPECT_EQ(slots.find(second)->tell, TimeoutKind::TransportClient);
    slots.told();
    EXPECT_EQ(slots.first_telling(), ClientSlot::kNone);
    EXPECT_EQ(slots.count(SlotPlace::Free), 3U);
}

TEST_F(ClientSlotsTest, LinksEndWithEitherSide) {
    const ClientHandle invite = given();
    const ClientHandle cancel = given();
    slots.join(invite.index, cancel.index);
    EXPECT_EQ(slots.at(invite.index).partner, cancel.index);
    EXPECT_TRUE(slots.at(cancel.index).is_cancel);
    slots.release(cancel.index);
    EXPECT_EQ(slots.at(invite.index).partner, ClientSlot::kNone);
    const ClientHandle other = given();
    slots.join(invite.index, other.index);
    slots.release(invite.index);
    EXPECT_EQ(slots.at(other.index).partner, ClientSlot::kNone);
}

TEST_F(ClientSlotsTest, TakesBackWhatADeadCoreHeld) {
    const ClientHandle held = given();
    const ClientHandle used = given();
    slots.use(used.index, SlotPlace::Live, 1);
    slots.at(used.index).user = 5;
    slots.take_back();
    EXPECT_EQ(slots.find(held), nullptr);
    ASSERT_NE(slots.find(used), nullptr);
    EXPECT_EQ(slots.find(used)->user, 0U);
    EXPECT_EQ(slots.count(SlotPlace::Free), 2U);
}

} // namespace
} // namespace tandem::transaction
