// SPDX-License-Identifier: Apache-2.0
//
// Responses from the wire: matching by branch, repetition, forks, strays, a full ring.
#include <gtest/gtest.h>

#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

class ReceiveResponse : public testing::Test {
  protected:
    void SetUp() override {
        invite = world.take_slot();
        fields = world.client_fields(invite, "INVITE");
        world.send_request(invite, fields, 77);
        started = world.now;
    }

    void answer(int status, const std::string& to_tag) {
        Fields response = fields;
        response.to_tag = to_tag;
        world.receive(response_text(response, status));
    }

    [[nodiscard]] Fields ack(const std::string& to_tag) const {
        Fields request = fields;
        request.method = "ACK";
        request.to_tag = to_tag;
        return request;
    }

    World world;
    ClientHandle invite;
    Fields fields;
    base::MonotonicNs started = 0;
};

TEST_F(ReceiveResponse, GoesUpWithTheUser) {
    answer(180, "t");
    ASSERT_EQ(world.events.size(), 1U);
    EXPECT_EQ(world.events[0].kind, EventKind::Response);
    EXPECT_EQ(world.events[0].client, invite);
    EXPECT_EQ(world.events[0].user, 77U);
    world.advance_ms(60'000);
    EXPECT_EQ(world.sent.size(), 1U); // Proceeding: no timer A, no timer B
    EXPECT_EQ(world.events.size(), 1U);
}

TEST_F(ReceiveResponse, FailureIsAcknowledgedByTheCoreAndThenByUs) {
    answer(486, "t");
    answer(486, "t"); // swallowed while the ACK is held back
    EXPECT_EQ(world.sent.size(), 1U);
    EXPECT_EQ(world.events.size(), 1U);
    world.acknowledge(invite, ack("t"));
    EXPECT_EQ(world.count_sent("ACK"), 1U);
    answer(486, "t");
    ASSERT_EQ(world.count_sent("ACK"), 2U);
    EXPECT_EQ(world.sent[1].bytes, world.sent[2].bytes);
    answer(200, "t");
    answer(180, "t");
    EXPECT_EQ(world.counted(Counter::DropResponseUnexpected), 2U);
    world.advance_ms(32'000);
    EXPECT_TRUE(world.is_empty());
    answer(486, "t");
    EXPECT_EQ(world.counted(Counter::DropBranchOld), 1U);
    EXPECT_EQ(world.events.size(), 1U);
}

TEST_F(ReceiveResponse, SuccessIsSwallowedUntilTheAckAndAnsweredAfterIt) {
    answer(200, "t");
    answer(200, "t");
    EXPECT_EQ(world.events.size(), 1U);
    EXPECT_EQ(world.count_sent("ACK"), 0U);
    world.advance_ms(9'000); // late offer: the core takes its time
    Fields late = ack("t");
    late.body = "v=0\r\n";
    world.acknowledge(invite, late);
    answer(200, "t");
    EXPECT_EQ(world.count_sent("ACK"), 2U);
    EXPECT_EQ(world.sent.back().bytes, request_text(late));
}

TEST_F(ReceiveResponse, EveryForkGoesUpAndHasItsOwnAck) {
    answer(180, "a");
    answer(180, "b");
    answer(200, "a");
    answer(200, "b");
    answer(200, "b");
    EXPECT_EQ(world.events.size(), 4U);
    world.acknowledge(invite, ack("b"));
    answer(200, "a");
    EXPECT_EQ(world.count_sent("ACK"), 1U);
    world.acknowledge(invite, ack("a"));
    answer(200, "a");
    EXPECT_TRUE(world.sent.back().contains(";tag=a"));
    answer(200, "b");
    EXPECT_TRUE(world.sent.back().contains(";tag=b"));
    EXPECT_EQ(world.count_sent("ACK"), 4U);
    for (const char* tag : {"c", "d", "e"}) {
        answer(200, tag);
    }
    EXPECT_EQ(world.events.size(), 6U);
    EXPECT_EQ(world.counted(Counter::FullForks), 1U);
    world.acknowledge(invite, ack("e"));
    EXPECT_EQ(world.counted(Counter::CommandOutOfState), 1U);
    world.advance_ms(32'000);
    EXPECT_TRUE(world.is_empty());
}

TEST_F(ReceiveResponse, LateSuccessIsAStray) {
    world.advance_ms(32'000); // timer B
    answer(200, "t");
    ASSERT_EQ(world.count_events(EventKind::Stray), 1U);
    answer(486, "t");
    EXPECT_EQ(world.counted(Counter::DropBranchOld), 1U);
}

TEST_F(ReceiveResponse, FullRingLeavesTheStateAsItWas) {
    world.ring_full = true;
    answer(180, "t");
    answer(200, "t");
    EXPECT_EQ(world.counted(Counter::DropResponseRingFull), 2U);
    world.advance_ms(500);
    EXPECT_EQ(world.count_sent("INVITE"), 2U); // still Calling
    world.ring_full = false;
    answer(200, "t");
    EXPECT_EQ(world.count_events(EventKind::Response), 1U);
    world.ring_full = true;
    answer(200, "other");
    world.ring_full = false;
    answer(200, "other");
    EXPECT_EQ(world.count_events(EventKind::Response), 2U);
}

TEST_F(ReceiveResponse, AbsentCoreLeavesTheStateAsItWas) {
    world.layer.core_absent(true);
    answer(200, "t");
    EXPECT_EQ(world.counted(Counter::DropCoreAbsent), 1U);
    world.layer.core_absent(false);
    answer(200, "t");
    EXPECT_EQ(world.count_events(EventKind::Response), 1U);
}

TEST_F(ReceiveResponse, ForeignForgedAndOtherLivesBranchesAreToldApart) {
    Fields response = fields;
    response.branch = "z9hG4bKsomebody";
    world.receive(response_text(response, 200));
    EXPECT_EQ(world.counted(Counter::DropBranchForeign), 1U);
    response.branch = fields.branch;
    response.branch.back() = response.branch.back() == '0' ? '1' : '0';
    world.receive(response_text(response, 200));
    EXPECT_EQ(world.counted(Counter::DropBranchCheck), 1U);
    response.branch = fields.branch;
    response.branch[9] = response.branch[9] == '0' ? '1' : '0'; // the epoch
    world.receive(response_text(response, 200));
    EXPECT_EQ(world.count_events(EventKind::Stray), 1U);
    EXPECT_EQ(world.count_events(EventKind::Response), 0U);
    world.layer.core_absent(true);
    world.receive(response_text(response, 200));
    EXPECT_EQ(world.counted(Counter::DropCoreAbsent), 1U);
}

TEST_F(ReceiveResponse, MethodAndNumberMustFit) {
    Fields response = fields;
    response.cseq_method = "BYE";
    world.receive(response_text(response, 200));
    response = fields;
    response.cseq = 9;
    world.receive(response_text(response, 200));
    response = fields;
    response.cseq_method = "CANCEL"; // none was sent
    world.receive(response_text(response, 200));
    EXPECT_EQ(world.counted(Counter::DropResponseUnexpected), 3U);
    EXPECT_TRUE(world.events.empty());
}

TEST(ReceiveResponseToOthers, RepeatedFinalIsAbsorbedUntilTimerK) {
    World world;
    const ClientHandle slot = world.take_slot();
    const Fields bye = world.client_fields(slot, "BYE");
    world.send_request(slot, bye);
    world.receive(response_text(bye, 200));
    world.receive(response_text(bye, 200));
    EXPECT_EQ(world.events.size(), 1U);
    EXPECT_EQ(world.counted(Counter::ResponseRepeated), 1U);
    world.advance_ms(4'999);
    EXPECT_FALSE(world.is_empty());
    world.advance_ms(1);
    EXPECT_TRUE(world.is_empty());
    EXPECT_EQ(world.sent.size(), 1U);
}

} // namespace
} // namespace tandem::transaction
