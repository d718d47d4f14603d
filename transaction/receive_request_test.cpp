// SPDX-License-Identifier: Apache-2.0
//
// Requests from the wire: new, repeated, merged, by old clients; 100 after 200 ms.
#include <gtest/gtest.h>

#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

TEST(ReceiveRequest, GoesUpOnceAndIsAbsorbedThen) {
    World world;
    const Fields options{.method = "OPTIONS"};
    world.receive(request_text(options));
    world.receive(request_text(options));
    ASSERT_EQ(world.events.size(), 1U);
    EXPECT_EQ(world.events[0].kind, EventKind::Request);
    EXPECT_TRUE(world.events[0].server.is_set());
    EXPECT_EQ(world.events[0].bytes, request_text(options));
    EXPECT_TRUE(world.sent.empty());
    EXPECT_EQ(world.counted(Counter::RequestRepeated), 1U);
}

TEST(ReceiveRequest, RepetitionGetsTheLastResponseUntilTimerJ) {
    World world;
    const Fields options{.method = "OPTIONS"};
    world.receive(request_text(options));
    world.respond(world.events[0].server, options, 200);
    ASSERT_EQ(world.sent.size(), 1U);
    world.advance_ms(31'999);
    world.receive(request_text(options));
    ASSERT_EQ(world.sent.size(), 2U);
    EXPECT_EQ(world.sent[0].bytes, world.sent[1].bytes);
    world.advance_ms(1);
    EXPECT_TRUE(world.is_empty());
    world.receive(request_text(options));
    EXPECT_EQ(world.count_events(EventKind::Request), 2U);
}

TEST(ReceiveRequest, RepetitionInProceedingGetsTheProvisional) {
    World world;
    const Fields options{.method = "OPTIONS"};
    world.receive(request_text(options));
    world.respond(world.events[0].server, options, 182);
    world.receive(request_text(options));
    ASSERT_EQ(world.sent.size(), 2U);
    EXPECT_TRUE(world.sent[1].starts_with("SIP/2.0 182"));
}

TEST(ReceiveRequest, TryingIsSentWhenTheCoreIsSilentFor200Ms) {
    World world;
    Fields invite;
    invite.extra = "Timestamp: 54\r\n";
    world.receive(request_text(invite),
                  {.remote = endpoint("192.0.2.9:4444"), .local = kPhoneFlow.local});
    world.advance_ms(199);
    EXPECT_TRUE(world.sent.empty());
    world.advance_ms(1);
    ASSERT_EQ(world.sent.size(), 1U);
    const Sent trying = world.sent[0];
    EXPECT_TRUE(trying.starts_with("SIP/2.0 100 Trying\r\n"));
    EXPECT_TRUE(trying.contains(";rport=4444;received=192.0.2.9\r\n"));
    EXPECT_TRUE(trying.contains("Timestamp: 54\r\n"));
    EXPECT_TRUE(trying.contains("To: <sip:1001@10.77.0.10>\r\n")); // 8.2.6.2: no tag in a 100
    EXPECT_TRUE(trying.flow.remote == endpoint("192.0.2.9:4444"));
    world.receive(request_text(invite));
    ASSERT_EQ(world.sent.size(), 2U);
    EXPECT_EQ(world.sent[1].bytes, trying.bytes);
    EXPECT_EQ(world.counted(Counter::TryingSent), 1U);
}

TEST(ReceiveRequest, NoTryingAfterTheCoreSpoke) {
    World world;
    world.receive(request_text({}));
    world.respond(world.events[0].server, {.to_tag = "t"}, 180);
    world.advance_ms(1'000);
    ASSERT_EQ(world.sent.size(), 1U);
    EXPECT_TRUE(world.sent[0].starts_with("SIP/2.0 180"));
}

TEST(ReceiveRequest, MergedRequestGets482) {
    World world;
    world.receive(request_text({}));
    world.receive(request_text({.branch = "z9hG4bKsecond"}));
    EXPECT_EQ(world.count_events(EventKind::Request), 1U);
    ASSERT_EQ(world.sent.size(), 1U);
    EXPECT_TRUE(world.sent[0].starts_with("SIP/2.0 482 Loop Detected\r\n"));
    EXPECT_TRUE(world.sent[0].contains("branch=z9hG4bKsecond"));
    // Its ACK is ours to absorb.
    const std::string text = world.sent[0].bytes;
    const std::size_t at = text.find("10>;tag=", text.find("To:")) + 8;
    world.receive(
        request_text({.method = "ACK", .branch = "z9hG4bKsecond", .to_tag = text.substr(at, 16)}));
    EXPECT_EQ(world.counted(Counter::AckRepeated), 1U);
    EXPECT_EQ(world.count_events(EventKind::Stray), 0U);
}

TEST(ReceiveRequest, MergedRequestGets482AlsoAfterTheAnswer) {
    World world;
    const Fields message{.method = "MESSAGE"};
    world.receive(request_text(message));
    world.respond(world.events[0].server, message, 200);
    world.receive(request_text({.method = "MESSAGE", .branch = "z9hG4bKsecond"}));
    EXPECT_EQ(world.count_sent("SIP/2.0 482"), 1U);
}

TEST(ReceiveRequest, RequestInADialogIsNeverMerged) {
    World world;
    world.receive(request_text({.method = "INFO", .to_tag = "d"}));
    world.receive(request_text({.method = "INFO", .branch = "z9hG4bKsecond", .to_tag = "d"}));
    EXPECT_EQ(world.count_events(EventKind::Request), 2U);
}

TEST(ReceiveRequest, OldClientIsMatchedByFields) {
    World world;
    Fields invite;
    invite.branch = "";
    world.receive(request_text(invite));
    world.receive(request_text(invite));
    ASSERT_EQ(world.count_events(EventKind::Request), 1U);
    Fields answer = invite;
    answer.to_tag = "ours";
    world.respond(world.events[0].server, answer, 486);
    Fields ack = answer;
    ack.method = "ACK";
    Fields wrong = ack;
    wrong.to_tag = "other";
    world.receive(request_text(wrong));
    EXPECT_EQ(world.layer.status().invite_server[1], 1U); // still Completed
    world.receive(request_text(ack));
    EXPECT_EQ(world.layer.status().invite_server[2], 1U); // Confirmed
    world.advance_ms(5'000);
    EXPECT_TRUE(world.is_empty());
}

TEST(ReceiveRequest, ResponseFollowsTheTopVia) {
    World world;
    const Fields options{.method = "OPTIONS", .sent_by = "10.0.0.1:6000", .via_params = ""};
    world.receive(request_text(options));
    world.respond(world.events[0].server, options, 200);
    EXPECT_TRUE(world.sent[0].flow.remote == endpoint("10.77.0.101:6000"));
    EXPECT_TRUE(world.sent[0].flow.local == kPhoneFlow.local);
}

TEST(ReceiveRequest, SilentCoreDoesNotKeepTransactionsForEver) {
    World world;
    world.receive(request_text({.method = "OPTIONS"}));
    world.receive(request_text({}));
    world.advance_ms(32'000);
    EXPECT_EQ(world.counted(Counter::TimeoutCoreSilent), 1U);
    world.advance_ms(628'000);
    EXPECT_EQ(world.counted(Counter::TimeoutCoreSilent), 2U);
    EXPECT_TRUE(world.is_empty());
}

TEST(ReceiveRequest, NotesTellRepetitionsApart) {
    World world;
    const Fields options{.method = "OPTIONS"};
    world.receive(request_text(options));
    world.receive(request_text(options));
    world.respond(world.events[0].server, options, 200);
    world.receive(request_text(options));
    ASSERT_EQ(world.notes.size(), 5U);
    EXPECT_EQ(world.notes[0].direction, Direction::In);
    EXPECT_FALSE(world.notes[0].repeated);
    EXPECT_TRUE(world.notes[1].repeated);
    EXPECT_EQ(world.notes[2].direction, Direction::Out);
    EXPECT_EQ(world.notes[2].status_code, 200);
    EXPECT_FALSE(world.notes[2].repeated);
    EXPECT_TRUE(world.notes[3].repeated);
    EXPECT_TRUE(world.notes[4].repeated);
    for (const Note& note : world.notes) {
        EXPECT_EQ(note.call, base::siphash(world.options.call_id_key, "call-1"));
        EXPECT_EQ(note.method, sipparse::Method::Options);
        EXPECT_EQ(note.cseq_number, 1U);
    }
}

} // namespace
} // namespace tandem::transaction
