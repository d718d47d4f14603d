// SPDX-License-Identifier: Apache-2.0
//
// Requests of the core: timers A, B, E, F, CANCEL, refused commands, slots.
#include <gtest/gtest.h>

#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

using Times = std::vector<std::uint64_t>;

TEST(CommandRequest, InviteIsRepeatedByTimerAUntilTimerB) {
    World world;
    const base::MonotonicNs started = world.now;
    const ClientHandle slot = world.take_slot();
    world.send_request(slot, world.client_fields(slot, "INVITE"), 5);
    world.advance_ms(40'000);
    EXPECT_EQ(world.sent_at_ms(started), (Times{0, 500, 1'500, 3'500, 7'500, 15'500, 31'500}));
    ASSERT_EQ(world.events.size(), 1U);
    EXPECT_EQ(world.events[0].timeout.kind, TimeoutKind::ClientFinal);
    EXPECT_EQ(world.events[0].timeout.handle, slot.packed());
    EXPECT_EQ(world.events[0].timeout.user, 5U);
    EXPECT_EQ(world.events[0].timeout.at, started + kTimerBNs);
    EXPECT_TRUE(world.is_empty());
}

TEST(CommandRequest, OthersAreRepeatedByTimerEUntilTimerF) {
    World world;
    const base::MonotonicNs started = world.now;
    const ClientHandle slot = world.take_slot();
    world.send_request(slot, world.client_fields(slot, "BYE"));
    world.advance_ms(40'000);
    EXPECT_EQ(world.sent_at_ms(started),
              (Times{0, 500, 1'500, 3'500, 7'500, 11'500, 15'500, 19'500, 23'500, 27'500, 31'500}));
    EXPECT_EQ(world.events[0].timeout.kind, TimeoutKind::ClientFinal);
    EXPECT_TRUE(world.is_empty());
}

TEST(CommandRequest, TimerEIsT2AfterAProvisional) {
    World world;
    const base::MonotonicNs started = world.now;
    const ClientHandle slot = world.take_slot();
    const Fields bye = world.client_fields(slot, "BYE");
    world.send_request(slot, bye);
    world.receive(response_text(bye, 100));
    world.advance_ms(10'000);
    EXPECT_EQ(world.sent_at_ms(started), (Times{0, 500, 4'500, 8'500}));
    world.advance_ms(30'000);
    EXPECT_EQ(world.events.back().timeout.kind, TimeoutKind::ClientFinal);
}

TEST(CommandRequest, NothingIsRepeatedOnAReliableTransport) {
    LayerOptions options = test_options();
    options.repeats = false;
    World world(options);
    const ClientHandle slot = world.take_slot();
    const Fields bye = world.client_fields(slot, "BYE");
    world.send_request(slot, bye);
    world.advance_ms(20'000);
    EXPECT_EQ(world.sent.size(), 1U);
    world.receive(response_text(bye, 200));
    world.advance_ms(0);
    EXPECT_TRUE(world.is_empty()); // timer K is zero
}

class Cancelling : public testing::Test {
  protected:
    void SetUp() override {
        invite = world.take_slot();
        cancel = world.take_slot();
        fields = world.client_fields(invite, "INVITE");
        world.send_request(invite, fields, 1);
        world.receive(response_text(fields, 180));
        cancel_fields = fields;
        cancel_fields.method = "CANCEL";
    }

    World world;
    ClientHandle invite;
    ClientHandle cancel;
    Fields fields;
    Fields cancel_fields;
};

TEST_F(Cancelling, HasASlotOfItsOwnUnderTheBranchOfTheInvite) {
    world.send_request(cancel, cancel_fields, 2, invite);
    EXPECT_EQ(world.count_sent("CANCEL"), 1U);
    world.receive(response_text(cancel_fields, 200));
    EXPECT_EQ(world.events.back().client, cancel);
    EXPECT_EQ(world.events.back().user, 2U);
    world.receive(response_text(fields, 487));
    EXPECT_EQ(world.events.back().client, invite);
    EXPECT_EQ(world.events.back().user, 1U);
    world.receive(response_text(cancel_fields, 200));
    EXPECT_EQ(world.counted(Counter::ResponseRepeated), 1U);
    world.advance_ms(32'000);
    EXPECT_TRUE(world.is_empty());
}

TEST_F(Cancelling, WithoutFinalTheInviteTimesOut) {
    world.advance_ms(60'000);
    const base::MonotonicNs cancelled = world.now;
    world.send_request(cancel, cancel_fields, 2, invite);
    world.receive(response_text(cancel_fields, 200));
    world.advance_ms(10'000);
    world.receive(response_text(fields, 180)); // does not extend it
    world.advance_ms(30'000);
    ASSERT_EQ(world.count_events(EventKind::Timeout), 1U);
    EXPECT_EQ(world.events.back().timeout.handle, invite.packed());
    EXPECT_EQ(world.events.back().timeout.at, cancelled + kCancelledNs);
}

TEST_F(Cancelling, CrossingASuccessIsSentAllTheSame) {
    world.receive(response_text(fields, 200));
    world.send_request(cancel, cancel_fields, 2, invite);
    EXPECT_EQ(world.count_sent("CANCEL"), 1U);
    world.receive(response_text(cancel_fields, 481));
    EXPECT_EQ(world.events.back().client, cancel);
}

TEST_F(Cancelling, TwiceOrOfNothingIsRefusedAndTold) {
    world.send_request(cancel, cancel_fields, 2, invite);
    const ClientHandle second = world.take_slot();
    world.send_request(second, cancel_fields, 3, invite);
    EXPECT_EQ(world.counted(Counter::CommandOutOfState), 1U);
    EXPECT_EQ(world.events.back().timeout.kind, TimeoutKind::TransportClient);
    EXPECT_EQ(world.events.back().timeout.user, 3U);
    const ClientHandle third = world.take_slot();
    world.send_request(third, cancel_fields, 4, third);
    const ClientHandle fourth = world.take_slot();
    world.send_request(fourth, cancel_fields, 5);
    EXPECT_EQ(world.counted(Counter::CommandOutOfState), 3U);
    EXPECT_EQ(world.count_sent("CANCEL"), 1U);
}

TEST(CommandRequest, GarbageIsRefusedAndTold) {
    World world;
    const ClientHandle slot = world.take_slot();
    world.layer.send_request({.transaction = slot,
                              .user = 9,
                              .flow = kPhoneFlow,
                              .message = "garbage",
                              .now = world.now});
    EXPECT_EQ(world.counted(Counter::CommandUnreadable), 1U);
    ASSERT_EQ(world.events.size(), 1U);
    EXPECT_EQ(world.events[0].timeout.kind, TimeoutKind::TransportClient);
    EXPECT_EQ(world.events[0].timeout.user, 9U);
    const ClientHandle other = world.take_slot();
    Fields fields = world.client_fields(other, "BYE");
    fields.branch = "z9hG4bKmine";
    world.send_request(other, fields);
    EXPECT_EQ(world.counted(Counter::CommandWrongBranch), 1U);
    const ClientHandle third = world.take_slot();
    world.send_request(third, world.client_fields(third, "ACK"));
    EXPECT_EQ(world.counted(Counter::CommandUnreadable), 2U);
    EXPECT_TRUE(world.sent.empty());
    world.advance_ms(1);
    EXPECT_TRUE(world.is_empty());
}

TEST(CommandRequest, StaleSlotsAreRefused) {
    World world;
    const ClientHandle slot = world.take_slot();
    const Fields bye = world.client_fields(slot, "BYE");
    world.send_request(slot, bye);
    world.send_request(slot, bye); // in use
    world.send_request({.index = 4'000'000, .generation = 1}, bye);
    world.send_request({}, bye);
    world.layer.return_slot(slot);
    EXPECT_EQ(world.counted(Counter::CommandStaleHandle), 4U);
    EXPECT_EQ(world.sent.size(), 1U);
}

TEST(CommandRequest, WhatCannotLeaveIsTold) {
    World world;
    world.wire_cut = true;
    const ClientHandle slot = world.take_slot();
    world.send_request(slot, world.client_fields(slot, "INVITE"), 3);
    ASSERT_EQ(world.events.size(), 1U);
    EXPECT_EQ(world.events[0].timeout.kind, TimeoutKind::TransportClient);
    EXPECT_EQ(world.events[0].timeout.handle, slot.packed());
    world.advance_ms(1);
    EXPECT_TRUE(world.is_empty());
}

TEST(CommandRequest, FullPoolsAreToldAndCounted) {
    LayerLimits limits = small_limits();
    limits.client_transactions_max = 1;
    World world(test_options(limits));
    for (int round = 0; round < 2; ++round) {
        const ClientHandle slot = world.take_slot();
        world.send_request(slot, world.client_fields(slot, "BYE"));
    }
    EXPECT_EQ(world.counted(Counter::FullClientTransactions), 1U);
    EXPECT_EQ(world.counted(Counter::CommandPoolFull), 1U);
    EXPECT_EQ(world.events.back().timeout.kind, TimeoutKind::TransportClient);

    limits = small_limits();
    limits.buffers_max = {1, 0, 0, 0, 0};
    World poor(test_options(limits));
    for (int round = 0; round < 2; ++round) {
        const ClientHandle slot = poor.take_slot();
        poor.send_request(slot, poor.client_fields(slot, "BYE"));
    }
    EXPECT_EQ(poor.counted(Counter::FullBuffers), 1U);
    EXPECT_EQ(poor.counted(Counter::CommandPoolFull), 1U);
    EXPECT_EQ(poor.sent.size(), 1U);
}

TEST(CommandRequest, SlotsComeBackUnderANewGeneration) {
    World world;
    EXPECT_EQ(world.slots.size(), 64U);
    const ClientHandle slot = world.take_slot();
    world.layer.return_slot(slot);
    world.advance_ms(1);
    EXPECT_EQ(world.slots.size(), 64U);
    EXPECT_EQ(world.slots.front().index, slot.index);
    EXPECT_EQ(world.slots.front().generation, slot.generation + 1);
}

TEST(CommandRequest, NewCoreGetsTheSlotsOfTheOldOne) {
    World world;
    const ClientHandle used = world.take_slot();
    world.send_request(used, world.client_fields(used, "INVITE"), 7);
    const ClientHandle held = world.take_slot();
    world.layer.core_absent(true);
    world.slots.clear();
    world.layer.core_absent(false);
    world.layer.offer_slots();
    world.advance_ms(1);
    EXPECT_EQ(world.slots.size(), 63U);
    world.send_request(held, world.client_fields(held, "BYE"));
    EXPECT_EQ(world.counted(Counter::CommandStaleHandle), 1U);
    world.receive(response_text(world.client_fields(used, "INVITE"), 200));
    EXPECT_EQ(world.events.back().user, 0U); // nothing of the old core's naming survives
}

} // namespace
} // namespace tandem::transaction
