// SPDX-License-Identifier: Apache-2.0
//
// CANCEL from the wire: matched, unmatched, repeated, crossing a final response.
#include <gtest/gtest.h>

#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

const Fields kCancel{.method = "CANCEL"};

TEST(ReceiveCancel, GoesUpWithItsInvite) {
    World world;
    world.receive(request_text({}));
    const ServerHandle invite = world.events[0].server;
    world.receive(request_text(kCancel));
    ASSERT_EQ(world.count_events(EventKind::Cancel), 1U);
    const Event cancel = world.events.back();
    EXPECT_EQ(cancel.invite, invite);
    EXPECT_NE(cancel.server, invite);
    EXPECT_TRUE(world.sent.empty());
    world.respond(cancel.server, kCancel, 200);
    world.respond(invite, {.to_tag = "ours"}, 487);
    world.receive(request_text(kCancel));
    EXPECT_EQ(world.count_sent("SIP/2.0 200"), 2U);
    EXPECT_EQ(world.count_sent("SIP/2.0 487"), 1U);
    EXPECT_EQ(world.count_events(EventKind::Cancel), 1U);
    world.receive(request_text({.method = "ACK", .to_tag = "ours"}));
    world.advance_ms(32'000);
    EXPECT_TRUE(world.is_empty());
}

TEST(ReceiveCancel, WithoutInviteGets481) {
    World world;
    world.receive(request_text(kCancel));
    world.receive(request_text(kCancel));
    EXPECT_EQ(world.count_events(EventKind::Cancel), 0U);
    ASSERT_EQ(world.sent.size(), 2U);
    EXPECT_TRUE(world.sent[0].starts_with("SIP/2.0 481 Call/Transaction Does Not Exist\r\n"));
    EXPECT_EQ(world.sent[0].bytes, world.sent[1].bytes);
    EXPECT_TRUE(world.is_empty());
}

TEST(ReceiveCancel, OfAnotherMethodGets481) {
    World world;
    world.receive(request_text({.method = "OPTIONS"}));
    world.receive(request_text(kCancel));
    EXPECT_EQ(world.count_sent("SIP/2.0 481"), 1U);
}

TEST(ReceiveCancel, CrossingASuccessStillGoesUp) {
    World world;
    world.receive(request_text({}));
    const ServerHandle invite = world.events[0].server;
    world.respond(invite, {.to_tag = "ours"}, 200);
    world.receive(request_text(kCancel));
    ASSERT_EQ(world.count_events(EventKind::Cancel), 1U);
    EXPECT_EQ(world.events.back().invite, invite);
}

TEST(ReceiveCancel, AfterTheAckGets481) {
    World world;
    world.receive(request_text({}));
    world.respond(world.events[0].server, {.to_tag = "ours"}, 200);
    world.receive(request_text({.method = "ACK", .branch = "z9hG4bKx", .to_tag = "ours"}));
    world.receive(request_text(kCancel));
    EXPECT_EQ(world.count_sent("SIP/2.0 481"), 1U);
}

TEST(ReceiveCancel, WaitsForItsRepetitionWhileTheRingIsFull) {
    World world;
    world.receive(request_text({}));
    world.ring_full = true;
    world.receive(request_text(kCancel));
    EXPECT_EQ(world.counted(Counter::DropCancelRingFull), 1U);
    EXPECT_TRUE(world.sent.empty());
    world.ring_full = false;
    world.receive(request_text(kCancel));
    EXPECT_EQ(world.count_events(EventKind::Cancel), 1U);
}

TEST(ReceiveCancel, WaitsForItsRepetitionWhileAPoolIsFull) {
    LayerLimits limits = small_limits();
    limits.server_transactions_max = 1;
    World world(test_options(limits));
    world.receive(request_text({}));
    world.receive(request_text(kCancel));
    EXPECT_EQ(world.counted(Counter::DropCancelPoolFull), 1U);
    EXPECT_TRUE(world.sent.empty());
}

TEST(ReceiveCancel, IsNotAnsweredWhileTheCoreIsAbsent) {
    World world;
    world.receive(request_text({}));
    world.layer.core_absent(true);
    world.receive(request_text(kCancel));
    EXPECT_TRUE(world.sent.empty());
    EXPECT_EQ(world.counted(Counter::DropCoreAbsent), 1U);
}

TEST(ReceiveCancel, OfAnOldClientIsMatchedByFields) {
    World world;
    Fields invite;
    invite.branch = "";
    world.receive(request_text(invite));
    Fields cancel = invite;
    cancel.method = "CANCEL";
    world.receive(request_text(cancel));
    ASSERT_EQ(world.count_events(EventKind::Cancel), 1U);
    EXPECT_EQ(world.events.back().invite, world.events[0].server);
}

} // namespace
} // namespace tandem::transaction
