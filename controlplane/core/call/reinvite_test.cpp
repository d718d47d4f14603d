// SPDX-License-Identifier: Apache-2.0
//
// re-INVITE and UPDATE in either direction (RFC 3261 section 14, RFC 3311), glare, and late offers.
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

constexpr const char* kHold = "v=0\r\no=- 1 2 IN IP4 10.77.0.100\r\na=sendonly\r\n";

using ReinviteTest = TwoPhonesTest;

TEST_F(ReinviteTest, HoldPassesWithItsAnswer) {
    establish();
    const auto handle = alice.send("INVITE", {.body = kHold});
    const auto hold = home.take_request("INVITE");
    EXPECT_EQ(hold.body(), kHold);
    EXPECT_EQ(hold.get("CSeq"), "2 INVITE");
    EXPECT_EQ(hold.tag("To"), bob.tag());
    EXPECT_EQ(hold.get("Contact"), "<sip:1000@10.77.0.10:5060>");
    bob.respond_to(hold, 200, {.body = kAnswer});
    const auto ok = home.take_response(200);
    EXPECT_EQ(ok.out.transaction, handle);
    EXPECT_EQ(ok.body(), kAnswer);
    EXPECT_EQ(ok.get("Contact"), "<sip:1001@10.77.0.10:5060>");
    const auto ack = home.take_ack();
    EXPECT_EQ(ack.get("CSeq"), "2 ACK");
    EXPECT_EQ(ack.out.invite, hold.out.transaction);
    alice.ack();
    home.expect_silence();
    hang_up();
}

TEST_F(ReinviteTest, TheCalleeMayHoldToo) {
    establish();
    bob.send("INVITE", {.body = kHold});
    const auto hold = home.take_request("INVITE");
    EXPECT_EQ(hold.get("Call-ID"), alice.call_id());
    EXPECT_EQ(hold.uri(), alice.own_contact());
    alice.respond_to(hold, 180);
    home.take_response(180);
    alice.respond_to(hold, 200, {.body = kAnswer});
    home.take_response(200);
    home.take_ack();
    bob.ack();
    hang_up();
}

TEST_F(ReinviteTest, ARefusedOneLeavesTheCallAsItWas) {
    establish();
    alice.send("INVITE", {.body = kHold, .contact = "sip:elsewhere@10.77.0.150:5060"});
    const auto hold = home.take_request("INVITE");
    bob.respond_to(hold, 488);
    EXPECT_EQ(home.take_ack().get("Via"), hold.get("Via"));
    home.take_response(488);
    bob.send("INFO");
    const auto info = home.take_request("INFO");
    EXPECT_EQ(info.uri(), alice.own_contact());
    alice.respond_to(info, 200);
    home.take_response(200);
    alice.send("INVITE", {.body = kHold});
    bob.respond_to(home.take_request("INVITE"), 200, {.body = kAnswer});
    home.take_response(200);
    home.take_ack();
    alice.ack();
    hang_up();
}

TEST_F(ReinviteTest, AnAcceptedOneMovesTheTargets) {
    establish();
    alice.send("INVITE", {.body = kHold, .contact = "sip:moved@10.77.0.150:5070"});
    bob.respond_to(
        home.take_request("INVITE"), 200, {.body = kAnswer, .contact = "sip:new@10.77.0.151:5080"});
    home.take_response(200);
    EXPECT_EQ(home.take_ack().uri(), "sip:new@10.77.0.151:5080");
    alice.ack();
    bob.send("INFO");
    const auto info = home.take_request("INFO");
    EXPECT_EQ(info.uri(), "sip:moved@10.77.0.150:5070");
    EXPECT_EQ(info.out.flow.remote, endpoint_of("10.77.0.150:5070"));
    alice.respond_to(info, 200);
    home.take_response(200);
    hang_up();
}

TEST_F(ReinviteTest, UpdatePassesBothWays) {
    establish();
    alice.send("UPDATE", {.body = kHold});
    const auto update = home.take_request("UPDATE");
    EXPECT_EQ(update.body(), kHold);
    bob.respond_to(update, 200, {.body = kAnswer});
    EXPECT_EQ(home.take_response(200).body(), kAnswer);
    bob.send("UPDATE", {.body = kHold});
    alice.respond_to(home.take_request("UPDATE"), 488);
    home.take_response(488);
    alice.send("UPDATE", {.body = kHold});
    bob.respond_to(home.take_request("UPDATE"), 200, {.body = kAnswer});
    home.take_response(200);
    hang_up();
}

TEST_F(ReinviteTest, CrossingReinvitesAreBothRefused) {
    establish();
    alice.send("INVITE", {.body = kHold});
    const auto hold = home.take_request("INVITE");
    const auto handle = bob.send("INVITE", {.body = kHold});
    const auto glare = home.take_response(491);
    EXPECT_EQ(glare.out.transaction, handle);
    bob.respond_to(hold, 491);
    home.take_ack();
    home.take_response(491);
    EXPECT_EQ(home.counter(CoreCounter::RefusedGlare), 1U);
    hang_up();
}

TEST_F(ReinviteTest, ASecondOneOfTheSameSideIsTooEarly) {
    establish();
    alice.send("INVITE", {.body = kHold});
    const auto hold = home.take_request("INVITE");
    alice.send("INVITE", {.body = kHold});
    EXPECT_NE(home.take_response(500).get("Retry-After"), "");
    bob.respond_to(hold, 488);
    home.take_ack();
    home.take_response(488);
    hang_up();
}

TEST_F(ReinviteTest, CrossingUpdates) {
    establish();
    alice.send("UPDATE", {.body = kHold});
    const auto update = home.take_request("UPDATE");
    bob.send("UPDATE", {.body = kHold});
    home.take_response(491);
    alice.send("UPDATE", {.body = kHold});
    EXPECT_NE(home.take_response(500).get("Retry-After"), "");
    alice.send("INVITE", {.body = kHold});
    home.take_response(500);
    bob.respond_to(update, 200, {.body = kAnswer});
    home.take_response(200);
    hang_up();
}

TEST_F(ReinviteTest, BeforeTheAckTheCalleeMustWait) {
    invite();
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    bob.send("INVITE", {.body = kHold});
    home.take_response(491);
    alice.ack();
    hang_up();
}

TEST_F(ReinviteTest, InAnEarlyDialogItIsTooEarly) {
    invite();
    bob.respond(180);
    alice.take_dialog(home.take_response(180));
    alice.send("INVITE", {.body = kHold});
    home.take_response(500);
    bob.send("INVITE", {.body = kHold});
    home.take_response(491);
    alice.send("UPDATE", {.body = kHold}); // the offer of the INVITE has no answer yet
    home.take_response(500);
    bob.send("UPDATE", {.body = kHold});
    home.take_response(491);
}

TEST_F(ReinviteTest, ACancelledOneIsCancelledThere) {
    establish();
    alice.send("INVITE", {.body = kHold});
    const auto hold = home.take_request("INVITE");
    alice.cancel();
    home.take_response(200);
    home.expect_silence(); // no provisional response yet
    bob.respond_to(hold, 180);
    home.take_response(180);
    const auto cancel = home.take_request("CANCEL");
    EXPECT_EQ(cancel.get("Via"), hold.get("Via"));
    EXPECT_EQ(cancel.get("To"), hold.get("To"));
    EXPECT_EQ(cancel.get("CSeq"), "2 CANCEL");
    EXPECT_EQ(cancel.out.invite, hold.out.transaction);
    bob.respond_to(cancel, 200);
    bob.respond_to(hold, 487);
    home.take_ack();
    home.take_response(487);
    hang_up();
}

TEST_F(ReinviteTest, ACancelledOneThatIsAcceptedCounts) {
    establish();
    alice.send("INVITE", {.body = kHold});
    const auto hold = home.take_request("INVITE");
    bob.respond_to(hold, 180);
    home.take_response(180);
    alice.cancel();
    home.take_response(200);
    home.take_request("CANCEL");
    bob.respond_to(hold, 200, {.body = kAnswer});
    home.take_response(200);
    home.take_ack();
    alice.ack();
    hang_up();
}

TEST_F(ReinviteTest, ACancelledOneWithoutEndIsGivenUp) {
    establish();
    alice.send("INVITE", {.body = kHold});
    bob.respond_to(home.take_request("INVITE"), 180);
    home.take_response(180);
    alice.cancel();
    home.take_response(200);
    home.take_request("CANCEL");
    home.pass(33);
    home.take_response(487);
    hang_up();
}

TEST_F(ReinviteTest, AByeThatCrossesItEndsBoth) {
    establish();
    alice.send("INVITE", {.body = kHold});
    const auto hold = home.take_request("INVITE");
    bob.send("BYE");
    home.take_response(200);
    EXPECT_EQ(home.take_response(487).get("CSeq"), "2 INVITE");
    bob.respond_to(hold, 487);
    EXPECT_EQ(home.take_ack().get("Via"), hold.get("Via"));
    alice.respond_to(home.take_request("BYE"), 200);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ReinviteTest, AByeOfItsOwnSenderEndsItToo) {
    establish();
    alice.send("INVITE", {.body = kHold});
    const auto hold = home.take_request("INVITE");
    alice.send("BYE");
    home.take_response(200);
    home.take_response(487);
    const auto bye = home.take_request("BYE");
    bob.respond_to(hold, 200, {.body = kAnswer});
    home.take_ack();
    bob.respond_to(bye, 200);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ReinviteTest, WithoutAckTheCallEnds) {
    establish();
    const auto handle = alice.send("INVITE", {.body = kHold});
    bob.respond_to(home.take_request("INVITE"), 200, {.body = kAnswer});
    home.take_response(200);
    home.take_ack();
    home.server_timeout(handle, transaction::TimeoutKind::TwoXxAck);
    alice.respond_to(home.take_request("BYE"), 200);
    bob.respond_to(home.take_request("BYE"), 200);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ReinviteTest, APeerThatLostTheDialog) {
    establish();
    alice.send("INVITE", {.body = kHold});
    bob.respond_to(home.take_request("INVITE"), 481);
    home.take_ack();
    home.take_response(481);
    alice.respond_to(home.take_request("BYE"), 200);
    bob.respond_to(home.take_request("BYE"), 481);
    home.expect_no_leak();
}

TEST_F(ReinviteTest, AnUpdateAnsweredWithoutSdpLeavesNothingOpen) {
    establish();
    alice.send("UPDATE", {.body = kHold});
    bob.respond_to(home.take_request("UPDATE"), 200);
    home.take_response(200);
    bob.send("UPDATE");
    alice.respond_to(home.take_request("UPDATE"), 200, {.body = kAnswer});
    home.take_response(200);
    alice.send("INVITE", {.body = kHold});
    bob.respond_to(home.take_request("INVITE"), 200, {.body = kAnswer});
    home.take_response(200);
    home.take_ack();
    alice.ack();
    hang_up();
}

TEST_F(ReinviteTest, AFailedOneTakesTheOfferOfItsPeerWithIt) {
    establish();
    alice.send("INVITE", {.headers = "Supported: 100rel\r\n"});
    const auto request = home.take_request("INVITE");
    bob.respond_to(request, 183, {.headers = "Require: 100rel\r\nRSeq: 9\r\n", .body = kOffer});
    home.take_response(183);
    bob.respond_to(request, 500);
    home.take_ack();
    home.take_response(500);
    bob.send("INVITE", {.body = kHold});
    alice.respond_to(home.take_request("INVITE"), 200, {.body = kAnswer});
    home.take_response(200);
    home.take_ack();
    bob.ack();
    alice.send("UPDATE", {.body = kHold});
    bob.respond_to(home.take_request("UPDATE"), 200, {.body = kAnswer});
    home.take_response(200);
    hang_up();
}

class LateOfferTest : public TwoPhonesTest {};

TEST_F(LateOfferTest, TheAckOfTheCalleeWaitsForTheAnswer) {
    const auto request = invite({});
    EXPECT_EQ(request.body(), "");
    bob.respond(200, {.body = kOffer});
    const auto ok = home.take_response(200);
    EXPECT_EQ(ok.body(), kOffer);
    home.expect_silence();
    bob.respond(200, {.body = kOffer}); // repeated because nobody acked
    home.expect_silence();
    alice.take_dialog(ok);
    alice.ack({.body = kAnswer});
    const auto ack = home.take_ack();
    EXPECT_EQ(ack.body(), kAnswer);
    EXPECT_EQ(ack.get("Content-Type"), "application/sdp");
    EXPECT_EQ(ack.get("CSeq"), "1 ACK");
    EXPECT_EQ(ack.out.invite, request.out.transaction);
    hang_up();
}

TEST_F(LateOfferTest, WithoutAckTheCalleeGetsAnEmptyOneAndBye) {
    invite({});
    bob.respond(200, {.body = kOffer});
    home.take_response(200);
    home.server_timeout(alice.invite(), transaction::TimeoutKind::TwoXxAck);
    EXPECT_EQ(home.take_ack().body(), "");
    home.take_request("BYE");
    home.take_request("BYE");
}

TEST_F(LateOfferTest, OfAReinvite) {
    establish();
    alice.send("INVITE");
    const auto request = home.take_request("INVITE");
    bob.respond_to(request, 200, {.body = kOffer});
    EXPECT_EQ(home.take_response(200).body(), kOffer);
    home.expect_silence();
    alice.ack({.body = kAnswer});
    const auto ack = home.take_ack();
    EXPECT_EQ(ack.body(), kAnswer);
    EXPECT_EQ(ack.get("CSeq"), "2 ACK");
    hang_up();
}

TEST_F(LateOfferTest, OfAReinviteWhoseCallEnds) {
    establish();
    alice.send("INVITE");
    bob.respond_to(home.take_request("INVITE"), 200, {.body = kOffer});
    home.take_response(200);
    alice.send("BYE");
    home.take_response(200);
    EXPECT_EQ(home.take_ack().body(), "");
    bob.respond_to(home.take_request("BYE"), 200);
    home.expect_silence();
    home.expect_no_leak();
}

} // namespace
} // namespace tandem::controlplane
