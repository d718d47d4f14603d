// SPDX-License-Identifier: Apache-2.0
//
// Reliable provisional responses (RFC 3262) relayed with numbers of each leg.
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

class ReliableTest : public TwoPhonesTest {
  protected:
    // 183 with an answer has reached alice; returns it.
    SentResponse reliable_183() {
        invite({.headers = "Supported: 100rel\r\n", .body = kOffer});
        bob.respond(183, {.headers = "Require: 100rel\r\nRSeq: 77\r\n", .body = kAnswer});
        auto response = home.take_response(183);
        alice.take_dialog(response);
        return response;
    }

    static std::string rack(const Message& response, const std::string& cseq = " 1 INVITE") {
        return "RAck: " + response.get("RSeq") + cseq + "\r\n";
    }
};

TEST_F(ReliableTest, IsOfferedOnlyWhenTheCallerCan) {
    EXPECT_EQ(invite({.headers = "Supported: 100rel, timer\r\n"}).get("Supported"),
              "100rel, timer");
    Phone carol(home, "1002", "10.77.0.102:5060");
    carol.call("1003");
    EXPECT_EQ(home.take_request("INVITE").get("Supported"), "");
    Phone dave(home, "1004", "10.77.0.104:5060");
    dave.call("1003", {.headers = "Require: 100rel\r\n"});
    EXPECT_EQ(home.take_request("INVITE").get("Require"), "100rel");
}

TEST_F(ReliableTest, APrackStopsTheRepetitionAndGoesOn) {
    const auto response = reliable_183();
    EXPECT_EQ(response.get("Require"), "100rel");
    EXPECT_NE(response.get("RSeq"), "");
    EXPECT_TRUE(response.out.reliable);
    EXPECT_EQ(std::to_string(response.out.rseq), response.get("RSeq"));
    EXPECT_EQ(response.body(), kAnswer);

    const auto handle = alice.send("PRACK", {.headers = rack(response), .body = "new offer"});
    ASSERT_EQ(home.effects.stopped.size(), 1U);
    EXPECT_EQ(home.effects.stopped[0].transaction, alice.invite());
    EXPECT_EQ(home.effects.stopped[0].rseq, response.out.rseq);
    const auto prack = home.take_request("PRACK");
    EXPECT_EQ(prack.get("RAck"), "77 1 INVITE");
    EXPECT_EQ(prack.get("CSeq"), "2 PRACK");
    EXPECT_EQ(prack.uri(), bob.own_contact());
    EXPECT_EQ(prack.tag("To"), bob.tag());
    EXPECT_EQ(prack.body(), "new offer");
    bob.respond_to(prack, 200, {.body = "its answer"});
    const auto ok = home.take_response(200);
    EXPECT_EQ(ok.out.transaction, handle);
    EXPECT_EQ(ok.body(), "its answer");
    EXPECT_EQ(ok.get("CSeq"), "2 PRACK");

    bob.respond(200);
    home.take_response(200);
    EXPECT_EQ(home.take_ack().get("CSeq"), "1 ACK");
    alice.ack();
    hang_up();
}

TEST_F(ReliableTest, TheNextOneHasTheNextNumber) {
    const auto first = reliable_183();
    alice.send("PRACK", {.headers = rack(first)});
    bob.respond_to(home.take_request("PRACK"), 200);
    home.take_response(200);
    bob.respond(180, {.headers = "Require: 100rel\r\nRSeq: 78\r\n"});
    const auto second = home.take_response(180);
    EXPECT_EQ(second.out.rseq, first.out.rseq + 1);
    alice.send("PRACK", {.headers = rack(second)});
    EXPECT_EQ(home.take_request("PRACK").get("RAck"), "78 1 INVITE");
}

TEST_F(ReliableTest, RepeatedAndUnorderedOnesAreDropped) {
    reliable_183();
    bob.respond(183, {.headers = "Require: 100rel\r\nRSeq: 77\r\n"});
    bob.respond(183, {.headers = "Require: 100rel\r\nRSeq: 80\r\n"});
    home.expect_silence();
}

TEST_F(ReliableTest, APrackThatNamesNothingIsRefused) {
    const auto response = reliable_183();
    alice.send("PRACK", {.headers = "RAck: 1 1 INVITE\r\n"});
    home.take_response(481);
    alice.send("PRACK", {.headers = rack(response, " 9 INVITE")});
    home.take_response(481);
    alice.send("PRACK");
    home.take_response(400);
    EXPECT_TRUE(home.effects.stopped.empty());
}

TEST_F(ReliableTest, WithoutPrackTheCallFails) {
    reliable_183();
    home.server_timeout(alice.invite(), transaction::TimeoutKind::ReliableProvisional);
    home.take_response(504);
    bob.respond_to(home.take_request("CANCEL"), 200);
    bob.respond(487);
    home.take_ack();
    home.expect_silence();
    home.expect_no_leak();
    EXPECT_EQ(home.counter(CoreCounter::PrackTimeouts), 1U);
}

TEST_F(ReliableTest, AFinalResponseEndsTheRepetition) {
    reliable_183();
    bob.respond(486);
    home.take_response(486);
    ASSERT_EQ(home.effects.stopped.size(), 1U);
    home.take_ack();
    home.expect_no_leak();
}

TEST_F(ReliableTest, ACallerThatCannotGetsThemUnreliably) {
    invite();
    bob.respond(183, {.headers = "Require: 100rel\r\nRSeq: 77\r\n", .body = kAnswer});
    const auto response = home.take_response(183);
    EXPECT_FALSE(response.out.reliable);
    EXPECT_EQ(response.get("RSeq"), "");
    EXPECT_EQ(response.get("Require"), "");
}

TEST_F(ReliableTest, AnUpdateOfAnEarlyDialogPasses) {
    const auto response = reliable_183();
    alice.send("PRACK", {.headers = rack(response)});
    bob.respond_to(home.take_request("PRACK"), 200);
    home.take_response(200);
    alice.send("UPDATE", {.body = kOffer});
    const auto update = home.take_request("UPDATE");
    EXPECT_EQ(update.body(), kOffer);
    bob.respond_to(update, 200, {.body = kAnswer});
    EXPECT_EQ(home.take_response(200).body(), kAnswer);
    bob.send("UPDATE", {.body = kOffer});
    alice.respond_to(home.take_request("UPDATE"), 488);
    home.take_response(488);
}

TEST_F(ReliableTest, ARefusedPrackLeavesTheOfferOfTheInviteOpen) {
    invite({.headers = "Supported: 100rel\r\n", .body = kOffer});
    bob.respond(183, {.headers = "Require: 100rel\r\nRSeq: 77\r\n"});
    const auto response = home.take_response(183);
    alice.take_dialog(response);
    alice.send("PRACK", {.headers = rack(response)});
    bob.respond_to(home.take_request("PRACK"), 500);
    home.take_response(500);
    alice.send("UPDATE", {.body = kOffer});
    home.take_response(500);
    home.expect_silence();
}

TEST_F(ReliableTest, TheNextOneWaitsForThePrackOfTheLast) {
    const auto first = reliable_183();
    const Extra next{.headers = "Require: 100rel\r\nRSeq: 78\r\n"};
    bob.respond(180, next);
    home.expect_silence(); // the callee repeats it
    alice.send("PRACK", {.headers = rack(first)});
    EXPECT_EQ(home.take_request("PRACK").get("RAck"), "77 1 INVITE");
    bob.respond(180, next);
    const auto second = home.take_response(180);
    EXPECT_EQ(second.out.rseq, first.out.rseq + 1);
    alice.send("PRACK", {.headers = rack(second)});
    EXPECT_EQ(home.take_request("PRACK").get("RAck"), "78 1 INVITE");
}

TEST_F(ReliableTest, OneThatDiedWithTheDataplaneHoldsNothingBack) {
    establish();
    bob.send("INVITE", {.headers = "Supported: 100rel\r\n", .body = kOffer});
    const Extra reliable{.headers = "Require: 100rel\r\nRSeq: 5\r\n"};
    alice.respond_to(home.take_request("INVITE"), 183, reliable);
    home.take_response(183);
    home.step(DetachedInput{});
    home.attach(2000);
    home.effects.stopped.clear();
    bob.send("INVITE", {.body = kOffer});
    alice.respond_to(home.take_request("INVITE"), 200, {.body = kAnswer});
    home.take_response(200);
    EXPECT_TRUE(home.effects.stopped.empty()); // its transaction may be somebody else's by now
    home.take_ack();
    bob.ack();
    hang_up();
}

TEST_F(ReliableTest, APrackThatFindsNothingLeavesTheCallAlone) {
    const auto response = reliable_183();
    bob.respond(200);
    home.take_response(200);
    home.take_ack();
    alice.ack();
    alice.send("PRACK", {.headers = rack(response)});
    bob.respond_to(home.take_request("PRACK"), 481);
    home.take_response(481);
    home.expect_silence();
    hang_up();
}

} // namespace
} // namespace tandem::controlplane
