// SPDX-License-Identifier: Apache-2.0
//
// All the ways a call that was answered ends (RFC 3261 section 15), and BYE of early dialogs.
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

using ByeTest = TwoPhonesTest;

TEST_F(ByeTest, BothAtOnce) {
    establish();
    alice.send("BYE");
    home.take_response(200);
    const auto to_bob = home.take_request("BYE");
    bob.send("BYE");
    EXPECT_EQ(home.take_response(200).get("CSeq"), "1 BYE");
    bob.respond_to(to_bob, 200);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ByeTest, TheCallerHasNotAcked) {
    invite();
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    bob.send("BYE");
    home.take_response(200);
    home.expect_silence(); // the BYE to alice waits for her ACK
    alice.ack();
    alice.respond_to(home.take_request("BYE"), 200);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ByeTest, TheCallerNeverAcks) {
    invite();
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    home.server_timeout(alice.invite(), transaction::TimeoutKind::TwoXxAck);
    auto first = home.take_request("BYE");
    auto second = home.take_request("BYE");
    EXPECT_EQ(first.get("Reason"), "SIP;cause=408;text=\"No ACK\"");
    if (first.get("Call-ID") != alice.call_id()) {
        std::swap(first, second);
    }
    alice.respond_to(first, 200);
    bob.respond_to(second, 200);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ByeTest, TheCallerNeverAcksACallThatIsOver) {
    invite();
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    bob.send("BYE");
    home.take_response(200);
    home.server_timeout(alice.invite(), transaction::TimeoutKind::TwoXxAck);
    home.client_timeout(home.take_request("BYE"));
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ByeTest, TheCallerHangsUpWithoutAck) {
    invite();
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    alice.send("BYE");
    home.take_response(200);
    bob.respond_to(home.take_request("BYE"), 200);
    home.server_timeout(alice.invite(), transaction::TimeoutKind::TwoXxAck);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ByeTest, NobodyAnswersOurBye) {
    establish();
    alice.send("BYE");
    home.take_response(200);
    home.client_timeout(home.take_request("BYE"));
    home.expect_no_leak();
}

TEST_F(ByeTest, AnEndingThatDoesNotEndIsCutShort) {
    establish();
    alice.send("BYE");
    home.take_response(200);
    home.take_request("BYE");
    home.pass(97);
    home.expect_no_leak();
    EXPECT_EQ(home.counter(CoreCounter::EndingsForced), 1U);
}

TEST_F(ByeTest, OfAnEarlyDialogByTheCaller) {
    invite();
    bob.respond(180);
    alice.take_dialog(home.take_response(180));
    alice.send("BYE");
    EXPECT_EQ(home.take_response(200).get("CSeq"), "2 BYE");
    EXPECT_EQ(home.take_response(487).get("CSeq"), "1 INVITE");
    bob.respond_to(home.take_request("CANCEL"), 200);
    bob.respond(487);
    home.take_ack();
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ByeTest, OfAnEarlyDialogByTheCalleeIsRefused) {
    invite();
    bob.respond(180);
    home.take_response(180);
    bob.send("BYE");
    home.take_response(481);
    home.expect_silence();
}

TEST_F(ByeTest, AnOldCseqIsRefused) {
    establish();
    alice.set_cseq(10);
    alice.send("INFO");
    bob.respond_to(home.take_request("INFO"), 200);
    home.take_response(200);
    alice.send("INFO", 5, {});
    home.take_response(500);
    EXPECT_EQ(home.counter(CoreCounter::RefusedOldCseq), 1U);
    hang_up();
}

TEST_F(ByeTest, RequestsAfterTheEndAreUnknown) {
    establish();
    alice.send("BYE");
    home.take_response(200);
    const auto bye = home.take_request("BYE");
    bob.send("INFO");
    home.take_response(481);
    bob.respond_to(bye, 200);
    bob.send("INFO");
    home.take_response(481);
    home.expect_no_leak();
}

} // namespace
} // namespace tandem::controlplane
