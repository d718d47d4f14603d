// SPDX-License-Identifier: Apache-2.0
//
// The dataplane goes and comes: what stays, what ends, and which names are used afterwards. Also
// what operators see, and that a run repeats byte by byte.
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

using AttachTest = TwoPhonesTest;

TEST_F(AttachTest, EstablishedCallsGoOn) {
    establish();
    home.step(DetachedInput{});
    EXPECT_FALSE(home.core().is_attached());
    EXPECT_EQ(home.core().live_calls(), 1U);
    home.attach(2000);
    alice.send("INFO");
    const auto info = home.take_request("INFO");
    EXPECT_NE(info.get("Via").find("branch=z9hG4bK01000007d0"), std::string::npos);
    bob.respond_to(info, 200);
    home.take_response(200);
    hang_up();
}

TEST_F(AttachTest, CallsInSetUpEnd) {
    invite();
    bob.respond(180);
    home.take_response(180);
    home.step(DetachedInput{});
    home.expect_silence();
    home.expect_no_leak();
    std::array<CallSnapshot, 1> ended;
    ASSERT_EQ(home.core().ended_calls(ended), 1U);
    EXPECT_EQ(ended[0].cause, EndCause::DataplaneLost);
}

TEST_F(AttachTest, OpenExchangesAndEndingsAreVoid) {
    establish();
    alice.send("INFO");
    home.take_request("INFO");
    Phone carol(home, "1002", "10.77.0.102:5060");
    Phone dave(home, "1003", "10.77.0.101:5070");
    carol.call("1003", {.body = kOffer});
    dave.ring(home.take_request("INVITE"));
    dave.respond(200, {.body = kAnswer});
    carol.take_dialog(home.take_response(200));
    home.take_ack();
    carol.ack();
    carol.send("BYE");
    home.take_response(200);
    home.take_request("BYE");
    home.step(DetachedInput{});
    home.attach(2000);
    EXPECT_EQ(home.core().live_calls(), 1U);
    hang_up();
}

TEST_F(AttachTest, AStray200OfACallWeHaveIsAcked) {
    const auto request = invite();
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    alice.ack();
    home.step(DetachedInput{});
    home.attach(2000);
    const Message repeated(bob.compose_response(request, 200, {.body = kAnswer}));
    Datagram datagram{.view = repeated.view(), .flow = request.out.flow};
    home.step(StrayInput{.message = datagram});
    const auto ack = home.take_ack();
    EXPECT_EQ(ack.uri(), bob.own_contact());
    EXPECT_FALSE(ack.out.invite.is_set());
    hang_up();
}

TEST_F(AttachTest, AStray200OfAnEndedCallIsAckedAndEnded) {
    const auto request = invite();
    home.client_timeout(request);
    home.take_response(408);
    const Message late(bob.compose_response(request, 200, {.body = kAnswer}));
    const Datagram datagram{.view = late.view(), .flow = request.out.flow};
    home.step(StrayInput{.message = datagram});
    EXPECT_EQ(home.take_ack().uri(), bob.own_contact());
    bob.respond_to(home.take_request("BYE"), 200);
    home.expect_silence();
    home.expect_no_leak();
}

// What a phone that rang when the dataplane died says to the next one.
class LateAnswerTest : public AttachTest {
  protected:
    void SetUp() override {
        request_ = std::make_unique<SentRequest>(invite());
        home.step(DetachedInput{});
        home.attach(2000);
        home.expect_no_leak();
    }

    void answer(const std::string& forged = {}) {
        std::string text = bob.compose_response(*request_, 200, {.body = kAnswer});
        if (!forged.empty()) {
            const auto branch = text.find("branch=z9hG4bK") + 14;
            text.replace(branch, forged.size(), forged);
        }
        const Message late(text);
        const Datagram datagram{.view = late.view(), .flow = request_->out.flow};
        home.step(StrayInput{.message = datagram});
    }

    void expect_ended() {
        const auto ack = home.take_ack();
        EXPECT_EQ(ack.uri(), bob.own_contact());
        EXPECT_FALSE(ack.out.invite.is_set());
        const auto bye = home.take_request("BYE");
        EXPECT_EQ(bye.get("Via").find("branch=z9hG4bK01000007d0"),
                  std::string("SIP/2.0/UDP 10.77.0.10:5060;").size());
        EXPECT_EQ(bye.tag("To"), bob.tag());
        home.client_timeout(bye);
        home.expect_silence();
        home.expect_no_leak();
    }

    std::unique_ptr<SentRequest> request_;
};

TEST_F(LateAnswerTest, ToAnInviteOfAnEarlierDataplaneIsAckedAndEnded) {
    answer();
    expect_ended();
}

TEST_F(LateAnswerTest, AfterSeveralDataplanes) {
    for (std::uint32_t epoch = 2001; epoch <= 2007; ++epoch) {
        home.step(DetachedInput{});
        home.attach(epoch);
    }
    answer();
    home.take_ack();
    EXPECT_EQ(home.take_request("BYE").tag("To"), bob.tag());
    home.step(DetachedInput{});
    home.attach(2008);
    answer(); // more than eight lives ago
    home.expect_silence();
    EXPECT_EQ(home.counter(CoreCounter::StraysUnproven), 1U);
}

TEST_F(LateAnswerTest, WithAForgedBranchIsDropped) {
    answer("01000003e80000000005"); // another slot under the same check
    home.expect_silence();
    answer("01000001ff"); // a life that never was
    home.expect_silence();
    EXPECT_EQ(home.counter(CoreCounter::StraysUnproven), 2U);
}

TEST_F(LateAnswerTest, IsNotBelievedLongerThanAnInviteCanRing) {
    home.pass(659);
    answer();
    expect_ended();
    home.pass(2);
    answer();
    home.expect_silence();
    EXPECT_EQ(home.counter(CoreCounter::StraysUnproven), 1U);
}

TEST_F(AttachTest, OperatorsSeeCalls) {
    invite();
    std::array<CallSnapshot, 8> shown;
    std::uint32_t cursor = 0;
    ASSERT_EQ(home.core().calls(cursor, shown), 1U);
    EXPECT_EQ(shown[0].state, CallState::Ringing);
    EXPECT_EQ(shown[0].id, 0x6100000700000001U);
    EXPECT_EQ(shown[0].caller_number.text(), "1000");
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    alice.ack();
    const auto call = home.core().call(shown[0].id);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->state, CallState::Established);
    EXPECT_EQ(call->leg_count, 2U);
    EXPECT_EQ(call->leg_hashes[0], base::siphash({.low = 3, .high = 4}, alice.call_id()));
    EXPECT_EQ(call->leg_hashes[1], base::siphash({.low = 3, .high = 4}, bob.call_id()));
    EXPECT_NE(call->times.answered_ns, 0U);
    hang_up();
    const auto ended = home.core().call(shown[0].id);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->state, CallState::Ended);
    EXPECT_FALSE(home.core().call(1).has_value());
}

TEST_F(AttachTest, ManyTimersDueAtOnceAreSpreadOverSteps) {
    std::vector<std::unique_ptr<Phone>> callers;
    for (int i = 0; i < 45; ++i) {
        callers.push_back(std::make_unique<Phone>(home, "1000", "10.77.0.100:5060"));
        callers.back()->call("1001", {.body = kOffer});
        home.take_request("INVITE");
    }
    home.jump(61);
    home.step(TimersInput{});
    EXPECT_EQ(home.effects.responses.size(), 32U);
    EXPECT_EQ(home.core().next_deadline().has_value(), true);
    home.step(TimersInput{});
    EXPECT_EQ(home.effects.responses.size(), 45U);
    home.pass(40);
    home.expect_no_leak();
}

TEST_F(AttachTest, EveryPoolHasAName) {
    for (const auto& pool : home.core().pools()) {
        EXPECT_FALSE(pool.name.empty());
        EXPECT_GT(pool.capacity, 0U);
    }
}

TEST_F(AttachTest, EveryCounterHasANameOfItsOwn) {
    for (std::size_t i = 0; i < kCoreCounterRows.size(); ++i) {
        EXPECT_FALSE(kCoreCounterRows[i].help.empty());
        for (std::size_t j = 0; j < i; ++j) {
            EXPECT_NE(kCoreCounterRows[i].name, kCoreCounterRows[j].name);
        }
    }
}

} // namespace
} // namespace tandem::controlplane
