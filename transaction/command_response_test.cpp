// SPDX-License-Identifier: Apache-2.0
//
// Responses of the core: repetition of finals, the 2xx keeper, reliable provisionals, refusals.
#include <gtest/gtest.h>

#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

using Times = std::vector<std::uint64_t>;

class CommandResponse : public testing::Test {
  protected:
    void SetUp() override {
        world.receive(request_text({}));
        invite = world.events[0].server;
        answered = world.now;
    }

    World world;
    ServerHandle invite;
    base::MonotonicNs answered = 0;
    const Fields answer{.to_tag = "ours"};
};

TEST_F(CommandResponse, FailureIsRepeatedByTimerGUntilTimerH) {
    world.respond(invite, answer, 486);
    world.advance_ms(40'000);
    EXPECT_EQ(world.sent_at_ms(answered),
              (Times{0, 500, 1'500, 3'500, 7'500, 11'500, 15'500, 19'500, 23'500, 27'500, 31'500}));
    ASSERT_EQ(world.count_events(EventKind::Timeout), 1U);
    EXPECT_EQ(world.events.back().timeout.kind, TimeoutKind::ServerAck);
    EXPECT_EQ(world.events.back().timeout.handle, invite.packed());
    EXPECT_EQ(world.events.back().timeout.at, answered + kTimerHNs);
    EXPECT_TRUE(world.is_empty());
}

TEST_F(CommandResponse, AckEndsTheRepetitionOfAFailure) {
    world.respond(invite, answer, 486);
    world.advance_ms(600);
    world.receive(request_text({.method = "ACK", .to_tag = "ours"}));
    world.advance_ms(3'000);
    EXPECT_EQ(world.sent.size(), 2U);
    // Confirmed: absorbs both.
    world.receive(request_text({.method = "ACK", .to_tag = "ours"}));
    world.receive(request_text({}));
    EXPECT_EQ(world.sent.size(), 2U);
    EXPECT_EQ(world.counted(Counter::AckRepeated), 1U);
    EXPECT_EQ(world.counted(Counter::RequestRepeated), 1U);
    world.advance_ms(2'000);
    EXPECT_TRUE(world.is_empty());
    EXPECT_EQ(world.count_events(EventKind::Ack), 0U);
    EXPECT_EQ(world.count_events(EventKind::Timeout), 0U);
}

TEST_F(CommandResponse, RepeatedInviteGetsTheFailureAgain) {
    world.respond(invite, answer, 404);
    world.receive(request_text({}));
    ASSERT_EQ(world.sent.size(), 2U);
    EXPECT_EQ(world.sent[1].bytes, world.sent[0].bytes);
}

TEST_F(CommandResponse, SuccessIsKeptUntilItsAck) {
    world.respond(invite, answer, 200);
    world.advance_ms(3'600);
    EXPECT_EQ(world.sent_at_ms(answered), (Times{0, 500, 1'500, 3'500}));
    world.receive(request_text({})); // absorbed, RFC 6026
    EXPECT_EQ(world.sent.size(), 4U);
    const Fields ack{.method = "ACK", .branch = "z9hG4bKack", .to_tag = "ours", .body = "v=0\r\n"};
    world.receive(request_text(ack));
    world.receive(request_text(ack));
    ASSERT_EQ(world.count_events(EventKind::Ack), 1U);
    EXPECT_EQ(world.events.back().server, invite);
    EXPECT_EQ(world.events.back().bytes, request_text(ack));
    EXPECT_EQ(world.counted(Counter::AckRepeated), 1U);
    world.advance_ms(20'000);
    world.receive(request_text({}));
    EXPECT_EQ(world.sent.size(), 4U);
    world.advance_ms(12'000);
    EXPECT_TRUE(world.is_empty());
}

TEST_F(CommandResponse, SuccessWithoutAckIsToldAfter64T1) {
    world.respond(invite, answer, 200);
    world.advance_ms(32'000);
    EXPECT_EQ(world.sent_at_ms(answered),
              (Times{0, 500, 1'500, 3'500, 7'500, 11'500, 15'500, 19'500, 23'500, 27'500, 31'500}));
    ASSERT_EQ(world.count_events(EventKind::Timeout), 1U);
    EXPECT_EQ(world.events.back().timeout.kind, TimeoutKind::TwoXxAck);
    EXPECT_EQ(world.events.back().timeout.handle, invite.packed());
    EXPECT_TRUE(world.is_empty());
}

TEST_F(CommandResponse, AckWithTheBranchOfTheInviteServesTheSuccessToo) {
    world.respond(invite, answer, 200);
    world.receive(request_text({.method = "ACK", .to_tag = "ours"}));
    EXPECT_EQ(world.count_events(EventKind::Ack), 1U);
}

TEST_F(CommandResponse, AckOfAnotherTagOrNumberIsAStray) {
    world.respond(invite, answer, 200);
    world.receive(request_text({.method = "ACK", .branch = "z9hG4bKx", .to_tag = "other"}));
    world.receive(
        request_text({.method = "ACK", .branch = "z9hG4bKx", .to_tag = "ours", .cseq = 2}));
    EXPECT_EQ(world.count_events(EventKind::Ack), 0U);
    EXPECT_EQ(world.count_events(EventKind::Stray), 2U);
}

TEST_F(CommandResponse, ResponseAfterTheFinalIsRefused) {
    world.respond(invite, answer, 200);
    world.respond(invite, answer, 486);
    world.respond(invite, answer, 180);
    EXPECT_EQ(world.counted(Counter::CommandSecondFinal), 2U);
    EXPECT_EQ(world.sent.size(), 1U);
}

TEST_F(CommandResponse, ReliableProvisionalDoublesWithoutBoundUntilItsPrack) {
    world.respond_reliably(invite, answer, 183, 71);
    world.advance_ms(16'000);
    EXPECT_EQ(world.sent_at_ms(answered), (Times{0, 500, 1'500, 3'500, 7'500, 15'500}));
    world.respond(invite, answer, 180); // does not stop it
    world.layer.stop_repeating({.transaction = invite, .rseq = 72});
    EXPECT_EQ(world.counted(Counter::CommandOutOfState), 1U);
    world.layer.stop_repeating({.transaction = invite, .rseq = 71});
    world.advance_ms(20'000);
    EXPECT_EQ(world.sent.size(), 7U);
    EXPECT_EQ(world.count_events(EventKind::Timeout), 0U);
    world.receive(request_text({}));
    EXPECT_TRUE(world.sent.back().starts_with("SIP/2.0 180"));
}

TEST_F(CommandResponse, StoppedReliableStaysTheLastResponse) {
    world.respond_reliably(invite, answer, 183, 71);
    world.layer.stop_repeating({.transaction = invite, .rseq = 71});
    world.receive(request_text({}));
    ASSERT_EQ(world.sent.size(), 2U);
    EXPECT_EQ(world.sent[1].bytes, world.sent[0].bytes);
}

TEST_F(CommandResponse, ReliableProvisionalWithoutPrackIsTold) {
    world.respond_reliably(invite, answer, 183, 71);
    world.advance_ms(32'000);
    ASSERT_EQ(world.count_events(EventKind::Timeout), 1U);
    EXPECT_EQ(world.events.back().timeout.kind, TimeoutKind::ReliableProvisional);
    world.respond(invite, answer, 504); // RFC 3262 3: the core refuses the INVITE
    world.receive(request_text({.method = "ACK", .to_tag = "ours"}));
    world.advance_ms(5'000);
    EXPECT_TRUE(world.is_empty());
}

TEST_F(CommandResponse, FinalStopsReliables) {
    world.respond_reliably(invite, answer, 183, 71);
    world.respond_reliably(invite, answer, 180, 72);
    world.respond(invite, answer, 200);
    world.receive(request_text({.method = "ACK", .to_tag = "ours"}));
    world.advance_ms(10'000);
    EXPECT_EQ(world.count_sent("SIP/2.0 18"), 2U);
}

TEST_F(CommandResponse, ReliablesAreBounded) {
    for (std::uint32_t rseq = 1; rseq <= 5; ++rseq) {
        world.respond_reliably(invite, answer, 183, rseq);
    }
    EXPECT_EQ(world.sent.size(), 4U);
    EXPECT_EQ(world.counted(Counter::CommandTooManyReliables), 1U);
}

TEST_F(CommandResponse, WhatCannotBeReliableIsRefused) {
    world.respond_reliably(invite, answer, 100, 1);
    world.respond_reliably(invite, answer, 200, 1);
    world.receive(request_text({.method = "OPTIONS", .branch = "z9hG4bKo"}));
    world.respond_reliably(world.events.back().server, {.method = "OPTIONS"}, 183, 1);
    EXPECT_EQ(world.counted(Counter::CommandOutOfState), 3U);
    EXPECT_TRUE(world.sent.empty());
}

TEST_F(CommandResponse, UnreadableOrForeignCommandsAreRefused) {
    world.layer.send_response({.transaction = invite, .message = "garbage", .now = world.now});
    world.layer.send_response({.transaction = invite, .message = {}, .now = world.now});
    world.layer.send_response(
        {.transaction = invite, .message = request_text({}), .now = world.now});
    world.respond(invite, {.method = "BYE"}, 200);
    world.respond(invite, {.cseq = 2}, 200);
    EXPECT_EQ(world.counted(Counter::CommandUnreadable), 5U);
    world.respond({.index = invite.index, .generation = invite.generation + 1}, answer, 200);
    world.respond({.index = 0xffffffff, .generation = 1}, answer, 200);
    world.respond({}, answer, 200);
    world.layer.stop_repeating({.transaction = {.index = 5, .generation = 5}, .rseq = 1});
    EXPECT_EQ(world.counted(Counter::CommandStaleHandle), 4U);
    EXPECT_TRUE(world.sent.empty());
}

TEST_F(CommandResponse, ResponseThatCannotLeaveIsToldAndRepeatedLater) {
    world.wire_cut = true;
    world.respond(invite, answer, 200);
    ASSERT_EQ(world.count_events(EventKind::Timeout), 1U);
    EXPECT_EQ(world.events.back().timeout.kind, TimeoutKind::TransportServer);
    world.wire_cut = false;
    world.advance_ms(500);
    EXPECT_EQ(world.count_sent("SIP/2.0 200"), 1U);
}

TEST_F(CommandResponse, NonInviteResponseThatCannotLeaveIsToldAndKept) {
    const Fields options{.method = "OPTIONS", .branch = "z9hG4bKo"};
    world.receive(request_text(options));
    world.wire_cut = true;
    world.respond(world.events.back().server, options, 200);
    EXPECT_EQ(world.events.back().timeout.kind, TimeoutKind::TransportServer);
    world.wire_cut = false;
    world.receive(request_text(options));
    EXPECT_EQ(world.count_sent("SIP/2.0 200"), 1U);
}

TEST(CommandResponseStream, NothingIsRepeatedHopByHopOnAReliableTransport) {
    LayerOptions options = test_options();
    options.repeats = false;
    World world(options);
    world.receive(request_text({}));
    world.respond(world.events[0].server, {.to_tag = "ours"}, 486);
    world.advance_ms(10'000);
    EXPECT_EQ(world.sent.size(), 1U);
    world.receive(request_text({.method = "ACK", .to_tag = "ours"}));
    EXPECT_TRUE(world.is_empty());
    const Fields bye{.method = "BYE", .branch = "z9hG4bKbye"};
    world.receive(request_text(bye));
    world.respond(world.events.back().server, bye, 200);
    EXPECT_TRUE(world.is_empty());
}

TEST(CommandResponseStream, SuccessIsRepeatedOnEveryTransport) {
    LayerOptions options = test_options();
    options.repeats = false;
    World world(options);
    world.receive(request_text({}));
    world.respond(world.events[0].server, {.to_tag = "ours"}, 200);
    world.advance_ms(1'500);
    EXPECT_EQ(world.sent.size(), 3U); // 13.3.1.4: end to end
}

} // namespace
} // namespace tandem::transaction
