// SPDX-License-Identifier: Apache-2.0
//
// What the layer says by itself: 400, 505 and 503, and that it stays silent where it must.
#include <gtest/gtest.h>

#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

std::string to_tag_of(const Sent& response) {
    const std::size_t line = response.bytes.find("\r\nTo:");
    const std::size_t at = response.bytes.find(";tag=", line) + 5;
    return response.bytes.substr(at, response.bytes.find("\r\n", at) - at);
}

TEST(Answer, BadRequestGets400WithTheReason) {
    World world;
    Fields fields{.method = "OPTIONS", .extra = "Max-Forwards: many\r\n"};
    world.receive(request_text(fields));
    ASSERT_EQ(world.sent.size(), 1U);
    EXPECT_TRUE(world.sent[0].starts_with("SIP/2.0 400 malformed Max-Forwards\r\n"));
    EXPECT_TRUE(world.sent[0].contains("Call-ID: call-1\r\n"));
    EXPECT_EQ(world.counted(Counter::AnsweredBadMessage), 1U);
    EXPECT_TRUE(world.is_empty());
}

TEST(Answer, OtherVersionGets505) {
    World world;
    std::string text = request_text({.method = "OPTIONS"});
    text.replace(text.find("SIP/2.0"), 7, "SIP/7.0");
    world.receive(text);
    ASSERT_EQ(world.sent.size(), 1U);
    EXPECT_TRUE(world.sent[0].starts_with("SIP/2.0 505 "));
}

TEST(Answer, BadResponsesAndAcksAndNoiseAreDropped) {
    World world;
    world.receive("SIP/2.0 200 OK\r\n\r\n");
    world.receive(request_text({.method = "ACK", .extra = "Max-Forwards: many\r\n"}));
    world.receive("\x01\x02\x03");
    EXPECT_TRUE(world.sent.empty());
    EXPECT_EQ(world.counted(Counter::DropBadMessage), 3U);
}

TEST(Answer, EveryCutOfARequestIsSurvived) {
    World world;
    const std::string text = request_text({.body = "v=0\r\n"});
    for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
        world.receive(text.substr(0, bytes));
    }
    EXPECT_EQ(world.count_events(EventKind::Request), 0U);
    EXPECT_TRUE(world.is_empty());
}

TEST(Answer, AbsentCoreMeans503WithRetryAfterForAllButAckAndCancel) {
    World world;
    world.layer.core_absent(true);
    world.receive(request_text({}));
    ASSERT_EQ(world.sent.size(), 1U);
    EXPECT_TRUE(world.sent[0].starts_with("SIP/2.0 503 Service Unavailable\r\n"));
    EXPECT_TRUE(world.sent[0].contains("Retry-After: 2\r\n"));
    EXPECT_EQ(world.counted(Counter::RefusedCoreAbsent), 1U);
    // Its ACK is absorbed, and so is a repetition that was on the way when the core came back.
    world.receive(request_text({.method = "ACK", .to_tag = to_tag_of(world.sent[0])}));
    EXPECT_EQ(world.counted(Counter::AckRepeated), 1U);
    world.layer.core_absent(false);
    world.receive(request_text({}));
    ASSERT_EQ(world.sent.size(), 2U);
    EXPECT_EQ(world.sent[1].bytes, world.sent[0].bytes);
    EXPECT_EQ(world.count_events(EventKind::Request), 0U);
    world.advance_ms(5'000);
    EXPECT_TRUE(world.is_empty());
    world.receive(request_text({.method = "ACK", .to_tag = to_tag_of(world.sent[0])}));
    EXPECT_EQ(world.count_events(EventKind::Stray), 0U); // the tag tells that it was ours
}

TEST(Answer, UnknownAckIsAStrayOrDropped) {
    World world;
    const Fields ack{.method = "ACK", .to_tag = "unknown"};
    world.receive(request_text(ack));
    EXPECT_EQ(world.count_events(EventKind::Stray), 1U);
    world.ring_full = true;
    world.receive(request_text(ack));
    EXPECT_EQ(world.counted(Counter::DropStrayRingFull), 1U);
    world.layer.core_absent(true);
    world.receive(request_text(ack));
    EXPECT_EQ(world.counted(Counter::DropAckUnknown), 1U);
    EXPECT_TRUE(world.sent.empty());
}

TEST(Answer, FullRingMeans503) {
    World world;
    world.ring_full = true;
    world.receive(request_text({}));
    EXPECT_EQ(world.count_sent("SIP/2.0 503"), 1U);
    EXPECT_EQ(world.counted(Counter::RefusedRingFull), 1U);
    EXPECT_EQ(world.layer.status().server_live.used, 0U);
    EXPECT_EQ(world.layer.status().refusals.used, 1U);
}

TEST(Answer, FullPoolsMean503AndSayWhich) {
    LayerLimits limits = small_limits();
    limits.server_transactions_max = 1;
    World world(test_options(limits));
    world.receive(request_text({}));
    world.receive(request_text({.branch = "z9hG4bKb", .call_id = "b"}));
    EXPECT_EQ(world.counted(Counter::FullServerTransactions), 1U);
    EXPECT_EQ(world.counted(Counter::RefusedPoolFull), 1U);
    EXPECT_EQ(world.count_sent("SIP/2.0 503"), 1U);

    limits = small_limits();
    limits.buffers_max = {0, 0, 0, 0, 0};
    World poor(test_options(limits));
    poor.receive(request_text({}));
    EXPECT_EQ(poor.counted(Counter::FullBuffers), 1U);
    EXPECT_EQ(poor.count_sent("SIP/2.0 503"), 1U);
    EXPECT_EQ(poor.counted(Counter::FullRefusals), 1U);

    limits = small_limits();
    limits.lingering_max = 1;
    World crowded(test_options(limits));
    crowded.receive(request_text({}));
    crowded.receive(request_text({.branch = "z9hG4bKb", .call_id = "b"}));
    EXPECT_EQ(crowded.counted(Counter::FullLingering), 1U);
    EXPECT_EQ(crowded.count_sent("SIP/2.0 503"), 1U);
}

TEST(Answer, RefusalsDoNotCrowdOutCalls) {
    LayerLimits limits = small_limits();
    limits.refusals_max = 2;
    World world(test_options(limits));
    world.layer.core_absent(true);
    for (int number = 0; number < 10; ++number) {
        const std::string name = std::to_string(number);
        world.receive(request_text({.branch = "z9hG4bK" + name, .call_id = name}));
    }
    EXPECT_EQ(world.count_sent("SIP/2.0 503"), 10U);
    EXPECT_EQ(world.layer.status().lingering.used, 2U);
    EXPECT_EQ(world.counted(Counter::FullRefusals), 8U);
}

} // namespace
} // namespace tandem::transaction
