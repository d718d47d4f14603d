// SPDX-License-Identifier: Apache-2.0
//
// Messages that waited for their next hop in vain: which transactions end by it, and which do not.
#include <gtest/gtest.h>

#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

std::size_t told(const World& world) {
    std::size_t count = 0;
    for (const Event& event : world.events) {
        count +=
            event.kind == EventKind::Timeout && event.timeout.kind == TimeoutKind::TransportClient
                ? 1U
                : 0U;
    }
    return count;
}

TEST(Undelivered, RequestsWithoutAResponseEndAndTheCoreIsToldOnce) {
    for (const char* const method : {"INVITE", "BYE"}) {
        World world;
        const ClientHandle slot = world.take_slot();
        world.send_request(slot, world.client_fields(slot, method), 9);
        world.advance_ms(500); // the repetition waits for the same neighbour
        ASSERT_EQ(world.sent.size(), 2U);
        world.layer.undelivered(world.sent[0].bytes, world.now);
        world.layer.undelivered(world.sent[1].bytes, world.now);
        ASSERT_EQ(told(world), 1U) << method;
        EXPECT_EQ(world.events.back().timeout.handle, slot.packed());
        EXPECT_EQ(world.events.back().user, 9U);
        EXPECT_EQ(world.counted(Counter::TransmitFailed), 1U);
        world.advance_ms(1);
        EXPECT_TRUE(world.is_empty());
    }
}

TEST(Undelivered, RequestsThatWereAnsweredGoOn) {
    for (const char* const method : {"INVITE", "BYE"}) {
        World world;
        const ClientHandle slot = world.take_slot();
        const Fields fields = world.client_fields(slot, method);
        world.send_request(slot, fields);
        world.receive(response_text(fields, 100));
        world.layer.undelivered(world.sent[0].bytes, world.now);
        EXPECT_EQ(told(world), 0U) << method;
        world.receive(response_text(fields, 500));
        world.layer.undelivered(world.sent[0].bytes, world.now);
        EXPECT_EQ(told(world), 0U) << method;
        EXPECT_EQ(world.count_events(EventKind::Response), 2U);
    }
}

TEST(Undelivered, ACancelEndsAndItsInviteGoesOn) {
    World world;
    const ClientHandle invite = world.take_slot();
    const Fields fields = world.client_fields(invite, "INVITE");
    world.send_request(invite, fields);
    world.receive(response_text(fields, 180));
    const ClientHandle cancel = world.take_slot();
    world.send_request(cancel, world.client_fields(invite, "CANCEL"), 8, invite);
    world.layer.undelivered(world.sent.back().bytes, world.now);
    ASSERT_EQ(told(world), 1U);
    EXPECT_EQ(world.events.back().timeout.handle, cancel.packed());
    EXPECT_EQ(world.layer.status().client_live.used, 1U);
}

TEST(Undelivered, WhatIsNoRequestOfOursEndsNothing) {
    World world;
    const ClientHandle slot = world.take_slot();
    const Fields fields = world.client_fields(slot, "INVITE");
    world.send_request(slot, fields);
    Fields ack = fields;
    ack.method = "ACK";
    Fields foreign = fields;
    foreign.branch = "z9hG4bKforeign";
    for (const std::string& message : {std::string{},
                                       std::string{"\r\n"},
                                       request_text(ack),
                                       request_text(foreign),
                                       response_text(fields, 200)}) {
        world.layer.undelivered(message, world.now);
    }
    EXPECT_EQ(told(world), 0U);
    EXPECT_EQ(world.layer.status().client_live.used, 1U);
}

} // namespace
} // namespace tandem::transaction
