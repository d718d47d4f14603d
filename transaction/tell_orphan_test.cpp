// SPDX-License-Identifier: Apache-2.0
//
// What the core that comes is told of the one that died: each kind of open transaction, once while
// it is answered and again while it is not, paced, over a full ring, and over a second death.
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

std::vector<Event> orphans_of(const World& world) {
    std::vector<Event> orphans;
    for (const Event& event : world.events) {
        if (event.kind == EventKind::Orphan) {
            orphans.push_back(event);
        }
    }
    return orphans;
}

// An INVITE of ours on its way to a phone.
struct Outgoing {
    explicit Outgoing(World& given)
        : world(given), slot(given.take_slot()), invite(given.client_fields(slot, "INVITE")) {
        world.send_request(slot, invite);
    }

    void answer(int status, const std::string& to_tag = "theirs") {
        Fields response = invite;
        response.to_tag = to_tag;
        world.receive(response_text(response, status));
    }

    void cancel() {
        Fields fields = invite;
        fields.method = "CANCEL";
        world.send_request(world.take_slot(), fields, 0, slot);
    }

    void acknowledge(const std::string& to_tag = "theirs") {
        Fields ack = invite;
        ack.method = "ACK";
        ack.to_tag = to_tag;
        world.acknowledge(slot, ack);
    }

    [[nodiscard]] std::string text() const { return request_text(invite); }

    World& world;
    ClientHandle slot;
    Fields invite;
};

TEST(TellOrphan, AnInviteWithoutAWordIsToldByThe100ThatWasDue) {
    World world;
    world.receive(request_text({}));
    const ServerHandle invite = world.events[0].server;
    world.core_dies();
    world.core_comes();
    const auto orphans = orphans_of(world);
    ASSERT_EQ(orphans.size(), 1U);
    EXPECT_EQ(orphans[0].orphan, OrphanKind::Request);
    EXPECT_EQ(orphans[0].server, invite);
    EXPECT_TRUE(orphans[0].bytes.starts_with("SIP/2.0 100 Trying\r\n"));
    EXPECT_EQ(world.count_sent("SIP/2.0 100"), 0U);
    world.respond(invite, {.to_tag = "new"}, 500);
    EXPECT_EQ(world.count_sent("SIP/2.0 500"), 1U);
    world.receive(request_text({.method = "ACK", .to_tag = "new"}));
    world.advance_ms(5'000);
    EXPECT_TRUE(world.is_empty());
    EXPECT_EQ(world.counted(Counter::OrphanTold), 1U);
}

TEST(TellOrphan, AnInviteIsToldByItsLastResponse) {
    const auto told_by = [](bool reliable) {
        World world;
        world.receive(request_text({}));
        const Fields ringing{.to_tag = "dead"};
        if (reliable) {
            world.respond_reliably(world.events[0].server, ringing, 183, 1);
        } else {
            world.respond(world.events[0].server, ringing, 183);
        }
        world.core_dies();
        world.core_comes();
        const auto orphans = orphans_of(world);
        return orphans.size() == 1 ? orphans[0].bytes : std::string();
    };
    EXPECT_EQ(told_by(false), response_text({.to_tag = "dead"}, 183));
    EXPECT_EQ(told_by(true), response_text({.to_tag = "dead"}, 183));
}

TEST(TellOrphan, The100OfTheLayerIsEnough) {
    World world;
    world.receive(request_text({}));
    world.core_dies();
    world.advance_ms(200);
    EXPECT_EQ(world.count_sent("SIP/2.0 100"), 1U);
    world.receive(request_text({}));
    EXPECT_EQ(world.count_sent("SIP/2.0 100"), 2U); // repeated without a core
    world.core_comes();
    const auto orphans = orphans_of(world);
    ASSERT_EQ(orphans.size(), 1U);
    EXPECT_EQ(orphans[0].bytes, world.sent[0].bytes);
}

TEST(TellOrphan, ARequestWithoutBytesIsToldByItsRepetition) {
    World world;
    const Fields info{.method = "INFO", .to_tag = "dead"};
    world.receive(request_text(info));
    const ServerHandle handle = world.events[0].server;
    world.core_dies();
    world.receive(request_text(info));
    world.core_comes();
    EXPECT_TRUE(orphans_of(world).empty());
    world.receive(request_text(info));
    const auto orphans = orphans_of(world);
    ASSERT_EQ(orphans.size(), 1U);
    EXPECT_EQ(orphans[0].server, handle);
    EXPECT_EQ(orphans[0].bytes, request_text(info));
    world.respond(handle, info, 500);
    world.receive(request_text(info));
    EXPECT_EQ(orphans_of(world).size(), 1U);
    EXPECT_EQ(world.count_sent("SIP/2.0 500"), 2U); // the layer repeats what was said
    world.advance_ms(32'000);
    EXPECT_TRUE(world.is_empty());
}

TEST(TellOrphan, ACancelThatWasTakenIsNotSwallowed) {
    World world;
    world.receive(request_text({}));
    const Fields cancel{.method = "CANCEL"};
    world.receive(request_text(cancel));
    const ServerHandle handle = world.events.back().server;
    world.core_dies();
    world.receive(request_text(cancel));
    EXPECT_TRUE(world.sent.empty());
    world.core_comes();
    world.receive(request_text(cancel));
    const auto orphans = orphans_of(world);
    ASSERT_EQ(orphans.size(), 2U); // the INVITE by the sweep
    EXPECT_EQ(orphans[1].server, handle);
    EXPECT_EQ(orphans[1].bytes, request_text(cancel));
}

TEST(TellOrphan, ACancelThatCameWithoutACoreIsNewToTheNext) {
    World world;
    world.receive(request_text({}));
    world.core_dies();
    const Fields cancel{.method = "CANCEL"};
    world.receive(request_text(cancel));
    EXPECT_TRUE(world.sent.empty());
    world.core_comes();
    world.receive(request_text(cancel));
    EXPECT_EQ(world.count_events(EventKind::Cancel), 1U);
}

TEST(TellOrphan, ARingingInviteOfOursIsToldAtOnce) {
    World world;
    Outgoing outgoing(world);
    outgoing.answer(180);
    world.core_dies();
    world.core_comes();
    const auto orphans = orphans_of(world);
    ASSERT_EQ(orphans.size(), 1U);
    EXPECT_EQ(orphans[0].orphan, OrphanKind::Invite);
    EXPECT_EQ(orphans[0].client, outgoing.slot);
    EXPECT_EQ(orphans[0].bytes, outgoing.text());
    outgoing.cancel();
    EXPECT_EQ(world.count_sent("CANCEL"), 1U);
    outgoing.answer(180); // a CANCEL is under way: nothing to do about it
    EXPECT_EQ(orphans_of(world).size(), 1U);
    EXPECT_EQ(world.events.back().user, 0U);
}

TEST(TellOrphan, AnInviteOfOursIsToldByItsFirstProvisional) {
    World world;
    Outgoing outgoing(world);
    world.core_dies();
    outgoing.answer(180); // nobody there: the step is not taken
    world.core_comes();
    EXPECT_TRUE(orphans_of(world).empty());
    world.advance_ms(2'000);
    EXPECT_GE(world.count_sent("INVITE"), 2U);
    outgoing.answer(180);
    ASSERT_EQ(orphans_of(world).size(), 1U);
    EXPECT_EQ(orphans_of(world)[0].orphan, OrphanKind::Invite);
    EXPECT_EQ(world.count_events(EventKind::Response), 0U);
    outgoing.answer(180); // no CANCEL came: told again
    EXPECT_EQ(orphans_of(world).size(), 2U);
    outgoing.cancel();
    outgoing.answer(180);
    EXPECT_EQ(orphans_of(world).size(), 2U);
}

TEST(TellOrphan, ARefusalIsToldUntilItIsAcknowledged) {
    World world;
    Outgoing outgoing(world);
    outgoing.answer(180);
    world.core_dies();
    outgoing.answer(486);
    EXPECT_EQ(world.counted(Counter::DropCoreAbsent), 1U);
    world.core_comes();
    outgoing.cancel();
    outgoing.answer(487);
    auto orphans = orphans_of(world);
    ASSERT_EQ(orphans.size(), 2U);
    EXPECT_EQ(orphans[1].orphan, OrphanKind::Refused);
    EXPECT_EQ(orphans[1].client, outgoing.slot);
    EXPECT_EQ(orphans[1].bytes, outgoing.text());
    EXPECT_EQ(orphans[1].to_tag, "theirs");
    outgoing.answer(487);
    EXPECT_EQ(orphans_of(world).size(), 3U);
    outgoing.acknowledge();
    EXPECT_EQ(world.count_sent("ACK"), 1U);
    outgoing.answer(487);
    EXPECT_EQ(orphans_of(world).size(), 3U);
    EXPECT_EQ(world.count_sent("ACK"), 2U); // the layer repeats it
    world.advance_ms(32'000);
    EXPECT_TRUE(world.is_empty());
}

// The dead core was given the final response and had no time to act.
TEST(TellOrphan, ARefusalTheDeadCoreWasGivenIsToldAgain) {
    World world;
    Outgoing outgoing(world);
    outgoing.answer(486);
    EXPECT_EQ(world.count_events(EventKind::Response), 1U);
    world.core_dies();
    outgoing.answer(486);
    world.core_comes();
    EXPECT_TRUE(orphans_of(world).empty());
    outgoing.answer(486);
    ASSERT_EQ(orphans_of(world).size(), 1U);
    EXPECT_EQ(orphans_of(world)[0].bytes, outgoing.text());
    outgoing.acknowledge();
    world.advance_ms(32'000);
    EXPECT_TRUE(world.is_empty());
}

TEST(TellOrphan, A2xxTheDeadCoreWasGivenIsPassedUpAgain) {
    World world;
    Outgoing outgoing(world);
    outgoing.answer(200);
    outgoing.answer(200, "fork");
    EXPECT_EQ(world.count_events(EventKind::Response), 2U);
    outgoing.answer(200); // the core may be holding its ACK back
    EXPECT_EQ(world.count_events(EventKind::Response), 2U);
    world.core_dies();
    outgoing.answer(200);
    EXPECT_EQ(world.count_events(EventKind::Response), 2U);
    world.core_comes();
    outgoing.answer(200);
    outgoing.answer(200, "fork");
    EXPECT_EQ(world.count_events(EventKind::Response), 4U);
    EXPECT_EQ(world.events.back().user, 0U);
    outgoing.acknowledge();
    outgoing.acknowledge("fork");
    outgoing.answer(200);
    outgoing.answer(200, "fork");
    EXPECT_EQ(world.count_events(EventKind::Response), 4U);
    EXPECT_EQ(world.count_sent("ACK"), 4U);
    EXPECT_TRUE(orphans_of(world).empty());
    world.advance_ms(32'000);
    EXPECT_TRUE(world.is_empty());
}

TEST(TellOrphan, WhatIsNoConcernOfTheNextCoreRunsOut) {
    World world;
    world.receive(request_text({}));
    world.respond(world.events[0].server, {.to_tag = "ours"}, 200);
    const Fields second{.branch = "z9hG4bKb", .from_tag = "f2", .call_id = "call-2"};
    world.receive(request_text(second));
    Fields refused = second;
    refused.to_tag = "ours";
    world.respond(world.events.back().server, refused, 486);
    const ClientHandle slot = world.take_slot();
    const Fields bye = world.client_fields(slot, "BYE");
    world.send_request(slot, bye);
    world.core_dies();
    world.core_comes();
    EXPECT_EQ(world.layer.status().orphans, 3U);
    world.receive(response_text(bye, 200));
    EXPECT_EQ(world.events.back().kind, EventKind::Response);
    EXPECT_EQ(world.events.back().user, 0U);
    world.advance_ms(40'000);
    EXPECT_TRUE(orphans_of(world).empty());
    EXPECT_EQ(world.count_events(EventKind::Timeout), 2U); // no ACK came for either
    EXPECT_EQ(world.layer.status().orphans, 0U);
    EXPECT_TRUE(world.is_empty());
}

TEST(TellOrphan, TheAckOfA2xxOfTheDeadCoreStillEndsIt) {
    World world;
    world.receive(request_text({}));
    const ServerHandle invite = world.events[0].server;
    world.respond(invite, {.to_tag = "ours"}, 200);
    world.core_dies();
    const std::string ack =
        request_text({.method = "ACK", .branch = "z9hG4bKack", .to_tag = "ours"});
    world.receive(ack);
    world.advance_ms(500);
    EXPECT_EQ(world.count_sent("SIP/2.0 200"), 2U); // nobody was there to take the ACK
    world.core_comes();
    world.receive(ack);
    EXPECT_EQ(world.events.back().kind, EventKind::Ack);
    world.advance_ms(32'000);
    EXPECT_EQ(world.count_sent("SIP/2.0 200"), 2U);
    EXPECT_TRUE(world.is_empty());
}

TEST(TellOrphan, WhatFitsTheRingIsToldAndTheRestLater) {
    World world;
    for (int call = 0; call < 6; ++call) {
        const std::string name = std::to_string(call);
        world.receive(request_text(
            {.branch = "z9hG4bK" + name, .from_tag = "f" + name, .call_id = "call-" + name}));
    }
    world.core_dies();
    world.orphans_left = 4;
    world.core_comes();
    EXPECT_EQ(orphans_of(world).size(), 4U);
    EXPECT_NE(world.layer.next_deadline(), 0U);
    world.orphans_left = 1;
    world.advance_ms(1);
    EXPECT_EQ(orphans_of(world).size(), 5U);
    world.orphans_left = 100;
    world.advance_ms(1);
    EXPECT_EQ(orphans_of(world).size(), 6U);
    world.advance_ms(10);
    EXPECT_EQ(orphans_of(world).size(), 6U);
}

TEST(TellOrphan, ABurstTellsABoundedNumber) {
    LayerLimits limits = small_limits();
    limits.server_transactions_max = 200;
    limits.lingering_max = 1'000;
    limits.buffers_max[0] = 500;
    World world(test_options(limits));
    for (int call = 0; call < 150; ++call) {
        const std::string name = std::to_string(call);
        world.receive(request_text(
            {.branch = "z9hG4bK" + name, .from_tag = "f" + name, .call_id = "call-" + name}));
    }
    world.core_dies();
    world.core_comes();
    EXPECT_EQ(orphans_of(world).size(), 64U);
    world.layer.expire(world.now);
    EXPECT_EQ(orphans_of(world).size(), 128U);
    world.layer.expire(world.now);
    EXPECT_EQ(orphans_of(world).size(), 150U);
}

TEST(TellOrphan, TheSlotsComeBeforeTheOrphans) {
    World world;
    Outgoing outgoing(world);
    outgoing.answer(180);
    world.core_dies();
    world.layer.core_absent(false);
    world.layer.offer_slots();
    EXPECT_TRUE(world.slots.empty());
    world.layer.expire(world.now);
    EXPECT_EQ(world.slots.size(), 63U);
    EXPECT_EQ(orphans_of(world).size(), 1U);
}

TEST(TellOrphan, ASecondDeathTellsAllThatIsStillOpen) {
    World world;
    world.receive(request_text({}));
    Outgoing outgoing(world);
    outgoing.answer(180);
    Outgoing cancelled(world);
    cancelled.answer(180);
    world.core_dies();
    world.core_comes();
    EXPECT_EQ(orphans_of(world).size(), 3U);
    cancelled.cancel();
    world.core_dies();
    world.core_comes();
    EXPECT_EQ(orphans_of(world).size(), 5U); // all but the one that has its CANCEL
    cancelled.answer(487);
    EXPECT_EQ(orphans_of(world).back().orphan, OrphanKind::Refused);
    cancelled.acknowledge();
    world.respond(orphans_of(world)[0].server, {.to_tag = "new"}, 500);
    outgoing.cancel();
    outgoing.answer(200);
    EXPECT_EQ(world.events.back().kind, EventKind::Response);
    outgoing.acknowledge();
    world.advance_ms(40'000);
    EXPECT_TRUE(world.is_empty());
}

TEST(TellOrphan, ADeathInTheMidstOfTheSweepBeginsItAnew) {
    World world;
    for (int call = 0; call < 3; ++call) {
        const std::string name = std::to_string(call);
        world.receive(request_text(
            {.branch = "z9hG4bK" + name, .from_tag = "f" + name, .call_id = "call-" + name}));
    }
    world.core_dies();
    world.orphans_left = 2;
    world.core_comes();
    world.core_dies();
    world.orphans_left = 100;
    world.advance_ms(5);
    EXPECT_EQ(orphans_of(world).size(), 2U); // nobody there
    world.core_comes();
    EXPECT_EQ(orphans_of(world).size(), 5U);
}

TEST(TellOrphan, WhatTheCoreDoesNotCloseEndsByItself) {
    World world;
    world.receive(request_text({}));
    Outgoing outgoing(world);
    outgoing.answer(180);
    world.core_dies();
    world.core_comes();
    EXPECT_EQ(orphans_of(world).size(), 2U);
    world.advance_ms(31'000);
    EXPECT_EQ(world.layer.status().orphans, 2U);
    world.advance_ms(1'001);
    EXPECT_EQ(world.layer.status().orphans, 0U);
    EXPECT_TRUE(world.is_empty());
}

TEST(TellOrphan, WhatANewCoreBeganIsNoOrphan) {
    World world;
    world.core_dies();
    world.core_comes();
    world.receive(request_text({}));
    Outgoing outgoing(world);
    outgoing.answer(180);
    EXPECT_EQ(world.count_events(EventKind::Response), 1U);
    world.receive(request_text({}));
    world.advance_ms(1'000);
    EXPECT_TRUE(orphans_of(world).empty());
    EXPECT_EQ(world.layer.status().orphans, 0U);
}

TEST(TellOrphan, ATagTooLongToBeToldIsCounted) {
    World world;
    Outgoing outgoing(world);
    outgoing.answer(180);
    world.core_dies();
    world.core_comes();
    outgoing.answer(486, std::string(kOrphanTagBytesMax + 1, 't'));
    EXPECT_EQ(world.counted(Counter::OrphanUntellable), 1U);
    EXPECT_EQ(orphans_of(world).size(), 1U);
    world.advance_ms(32'000);
    EXPECT_TRUE(world.is_empty());
}

// Calls in every state, cores that die at any moment and close some of what they are told: all that
// was open ends.
TEST(TellOrphan, NothingLeaksOverManyDeaths) {
    World world;
    base::RandomStream random(base::RandomSeed{42});
    std::vector<Outgoing> outgoing;
    std::size_t handled = 0;
    for (int round = 0; round < 400; ++round) {
        const std::string name = std::to_string(round);
        world.receive(request_text(
            {.branch = "z9hG4bK" + name, .from_tag = "f" + name, .call_id = "call-" + name}));
        if (!world.slots.empty()) {
            outgoing.emplace_back(world);
        }
        for (int answers = 0; answers < 2 && !outgoing.empty(); ++answers) {
            constexpr int kStatuses[] = {180, 183, 200, 486};
            outgoing[random.below(outgoing.size())].answer(kStatuses[random.below(4)]);
        }
        world.orphans_left = random.below(5);
        if (random.below(3) == 0) {
            world.core_dies();
            world.advance_ms(random.below(500));
            world.core_comes();
        }
        world.orphans_left = 1'000;
        world.advance_ms(random.below(3'000));
        for (; handled < world.events.size(); ++handled) {
            const Event event = world.events[handled];
            if (random.below(2) == 0 || event.kind != EventKind::Orphan) {
                continue;
            }
            for (Outgoing& one : outgoing) {
                if (one.slot == event.client && event.orphan == OrphanKind::Refused) {
                    one.acknowledge(event.to_tag);
                } else if (one.slot == event.client && !world.slots.empty()) {
                    one.cancel();
                }
            }
            if (event.orphan == OrphanKind::Request) {
                const auto call = event.bytes.find("Call-ID: call-") + 14;
                const std::string number =
                    event.bytes.substr(call, event.bytes.find("\r\n", call) - call);
                world.respond(event.server,
                              {.branch = "z9hG4bK" + number,
                               .from_tag = "f" + number,
                               .to_tag = "new",
                               .call_id = "call-" + number},
                              500);
            }
        }
    }
    EXPECT_GT(world.counted(Counter::OrphanTold), 100U);
    world.core_dies();
    world.core_comes();
    world.advance_ms(100'000);
    EXPECT_EQ(world.layer.status().orphans, 0U);
    EXPECT_TRUE(world.is_empty());
}

} // namespace
} // namespace tandem::transaction
