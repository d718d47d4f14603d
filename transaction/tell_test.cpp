// SPDX-License-Identifier: Apache-2.0
//
// What must reach the core although its ring is full: every kind of timeout, ACKs, slots.
#include <gtest/gtest.h>

#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

std::vector<TimeoutKind> kinds_told(const World& world) {
    std::vector<TimeoutKind> kinds;
    for (const Event& event : world.events) {
        if (event.kind == EventKind::Timeout) {
            kinds.push_back(event.timeout.kind);
        }
    }
    return kinds;
}

TEST(Tell, ClientTimeoutsWaitForTheRing) {
    World world;
    const ClientHandle slot = world.take_slot();
    world.send_request(slot, world.client_fields(slot, "BYE"), 4);
    world.ring_full = true;
    world.advance_ms(40'000);
    EXPECT_EQ(world.layer.status().slots_free, 1U); // not yet told, not yet given
    world.ring_full = false;
    world.advance_ms(1);
    ASSERT_EQ(kinds_told(world), (std::vector{TimeoutKind::ClientFinal}));
    EXPECT_EQ(world.events.back().timeout.handle, slot.packed());
    EXPECT_EQ(world.events.back().timeout.user, 4U);
    EXPECT_TRUE(world.is_empty());
    EXPECT_EQ(world.slots.size(), 64U);
}

TEST(Tell, ServerTimeoutsWaitForTheRing) {
    const auto told_after = [](int status, bool reliable) {
        World world;
        world.receive(request_text({}));
        const ServerHandle invite = world.events[0].server;
        const Fields answer{.to_tag = "ours"};
        if (reliable) {
            world.respond_reliably(invite, answer, status, 1);
        } else {
            world.respond(invite, answer, status);
        }
        world.ring_full = true;
        world.advance_ms(40'000);
        EXPECT_EQ(world.layer.status().server_live.used, 1U);
        world.ring_full = false;
        world.advance_ms(1);
        return kinds_told(world);
    };
    EXPECT_EQ(told_after(486, false), (std::vector{TimeoutKind::ServerAck}));
    EXPECT_EQ(told_after(200, false), (std::vector{TimeoutKind::TwoXxAck}));
    EXPECT_EQ(told_after(183, true), (std::vector{TimeoutKind::ReliableProvisional}));
}

TEST(Tell, FailedResponseWaitsForTheRingAndThenLingers) {
    World world;
    const Fields options{.method = "OPTIONS"};
    world.receive(request_text(options));
    world.wire_cut = true;
    world.ring_full = true;
    world.respond(world.events[0].server, options, 200);
    world.advance_ms(100);
    world.ring_full = false;
    world.advance_ms(1);
    EXPECT_EQ(kinds_told(world), (std::vector{TimeoutKind::TransportServer}));
    EXPECT_EQ(world.layer.status().server_live.used, 0U);
    EXPECT_EQ(world.layer.status().lingering.used, 1U);
}

TEST(Tell, NobodyIsToldWithoutACore) {
    World world;
    const ClientHandle slot = world.take_slot();
    world.send_request(slot, world.client_fields(slot, "BYE"));
    world.receive(request_text({}));
    world.respond(world.events[0].server, {.to_tag = "ours"}, 486);
    world.layer.core_absent(true);
    world.advance_ms(40'000);
    EXPECT_TRUE(kinds_told(world).empty());
    EXPECT_EQ(world.counted(Counter::TimeoutUntold), 2U);
    EXPECT_EQ(world.layer.status().server_live.used, 0U);
    EXPECT_EQ(world.layer.status().client_live.used, 0U);
}

TEST(Tell, AckOfASuccessIsOfferedAgainByItsPeer) {
    World world;
    world.receive(request_text({}));
    world.respond(world.events[0].server, {.to_tag = "ours"}, 200);
    const std::string ack =
        request_text({.method = "ACK", .branch = "z9hG4bKack", .to_tag = "ours"});
    world.ring_full = true;
    world.receive(ack);
    EXPECT_EQ(world.counted(Counter::DropAckRingFull), 1U);
    world.ring_full = false;
    world.advance_ms(500);
    EXPECT_EQ(world.count_sent("SIP/2.0 200"), 2U); // the keeper goes on
    world.receive(ack);
    world.advance_ms(10'000);
    EXPECT_EQ(world.count_events(EventKind::Ack), 1U);
    EXPECT_EQ(world.count_sent("SIP/2.0 200"), 2U);
}

TEST(Tell, SlotsAreOfferedInSeveralBursts) {
    LayerLimits limits = small_limits();
    limits.client_slots_max = 5'000;
    World world(test_options(limits));
    EXPECT_EQ(world.slots.size(), 4'096U);
    EXPECT_NE(world.layer.next_deadline(), 0U);
    world.advance_ms(1);
    EXPECT_EQ(world.slots.size(), 5'000U);
    EXPECT_EQ(world.layer.next_deadline(), 0U);
    EXPECT_EQ(world.layer.status().slots_core, 5'000U);
}

} // namespace
} // namespace tandem::transaction
