// SPDX-License-Identifier: Apache-2.0
//
// CANCEL of the caller before and after a provisional response and crossing a 200 (RFC 3261
// section 9), and what a call nobody answers ends with.
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

class CancelTest : public TwoPhonesTest {
  protected:
    // The caller gave up: 200 to its CANCEL, 487 to its INVITE, with one tag.
    void expect_caller_done() {
        const auto ok = home.take_response(200);
        EXPECT_EQ(ok.get("CSeq"), "1 CANCEL");
        const auto terminated = home.take_response(487);
        EXPECT_EQ(terminated.get("CSeq"), "1 INVITE");
        EXPECT_EQ(terminated.tag("To"), ok.tag("To"));
    }
};

TEST_F(CancelTest, AfterAProvisionalItGoesOnAtOnce) {
    const auto request = invite();
    bob.respond(180);
    home.take_response(180);
    alice.cancel();
    expect_caller_done();
    const auto cancel = home.take_request("CANCEL");
    EXPECT_EQ(cancel.uri(), request.uri());
    EXPECT_EQ(cancel.get("Via"), request.get("Via"));
    EXPECT_EQ(cancel.get("From"), request.get("From"));
    EXPECT_EQ(cancel.get("To"), request.get("To"));
    EXPECT_EQ(cancel.get("Call-ID"), request.get("Call-ID"));
    EXPECT_EQ(cancel.get("CSeq"), "1 CANCEL");
    EXPECT_EQ(cancel.out.invite, request.out.transaction);
    EXPECT_NE(cancel.out.transaction, request.out.transaction);
    bob.respond_to(cancel, 200);
    bob.respond(487);
    const auto ack = home.take_ack();
    EXPECT_EQ(ack.get("Via"), request.get("Via"));
    EXPECT_EQ(ack.get("CSeq"), "1 ACK");
    EXPECT_EQ(ack.tag("To"), bob.tag());
    EXPECT_EQ(ack.uri(), request.uri());
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(CancelTest, BeforeAProvisionalItWaits) {
    invite();
    alice.cancel();
    expect_caller_done();
    home.expect_silence();
    bob.respond(100);
    bob.respond_to(home.take_request("CANCEL"), 200);
    bob.respond(487);
    home.take_ack();
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(CancelTest, CrossingA200ItIsEndedWithBye) {
    const auto request = invite();
    bob.respond(180);
    home.take_response(180);
    alice.cancel();
    expect_caller_done();
    const auto cancel = home.take_request("CANCEL");
    bob.respond(200, {.body = kAnswer});
    const auto ack = home.take_ack();
    EXPECT_EQ(ack.uri(), bob.own_contact());
    EXPECT_EQ(ack.get("CSeq"), "1 ACK");
    const auto bye = home.take_request("BYE");
    EXPECT_EQ(bye.uri(), bob.own_contact());
    EXPECT_EQ(bye.get("CSeq"), "2 BYE");
    EXPECT_EQ(bye.get("Call-ID"), request.get("Call-ID"));
    EXPECT_EQ(bye.tag("From"), request.tag("From"));
    EXPECT_EQ(bye.tag("To"), bob.tag());
    bob.respond_to(cancel, 200);
    bob.respond_to(bye, 200);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(CancelTest, AfterThe200ItChangesNothing) {
    invite();
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    alice.cancel();
    EXPECT_EQ(home.take_response(200).get("CSeq"), "1 CANCEL");
    home.expect_silence();
    alice.ack();
    hang_up();
}

TEST_F(CancelTest, ACalleeThatNeverEndsIsGivenUp) {
    invite();
    bob.respond(180);
    home.take_response(180);
    alice.cancel();
    expect_caller_done();
    home.take_request("CANCEL");
    home.pass(33);
    home.expect_silence();
    home.expect_no_leak();
    // It answers after all.
    bob.respond(200, {.body = kAnswer});
    home.take_ack();
    home.take_request("BYE");
}

TEST_F(CancelTest, NobodyAnswersInTime) {
    invite();
    bob.respond(180);
    home.take_response(180);
    home.pass(61);
    EXPECT_EQ(home.take_response(480).get("CSeq"), "1 INVITE");
    bob.respond_to(home.take_request("CANCEL"), 200);
    bob.respond(487);
    home.take_ack();
    home.expect_silence();
    home.expect_no_leak();
    EXPECT_EQ(home.counter(CoreCounter::RingTimeouts), 1U);
}

TEST_F(CancelTest, NoResponseAtAll) {
    home.client_timeout(invite());
    home.take_response(408);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(CancelTest, AnInviteThatCouldNotLeave) {
    home.client_timeout(invite(), transaction::TimeoutKind::TransportClient);
    home.take_response(480);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(CancelTest, RefusalsPassWithWhatTheySay) {
    invite();
    bob.respond(488,
                {.headers = "Warning: 304 x \"Media type not available\"\r\nX-Why: codec\r\n",
                 .reason = "Not Acceptable Here"});
    const auto refused = home.take_response(488);
    EXPECT_EQ(refused.get("Warning"), "304 x \"Media type not available\"");
    EXPECT_EQ(refused.get("X-Why"), "codec");
    EXPECT_NE(refused.text().find("SIP/2.0 488 Not Acceptable Here\r\n"), std::string::npos);
    EXPECT_EQ(refused.get("Contact"), "");
    EXPECT_NE(refused.tag("To"), bob.tag());
    EXPECT_EQ(home.take_ack().tag("To"), bob.tag());
    home.expect_no_leak();
}

TEST_F(CancelTest, WhatARefusalMeansOnItsWayBack) {
    const std::pair<int, int> shown[] = {
        {486, 486}, {603, 603}, {404, 404}, {401, 403}, {407, 403}, {503, 500}, {480, 480}};
    for (const auto& [from_callee, to_caller] : shown) {
        invite();
        bob.respond(from_callee);
        home.take_response(to_caller);
        home.take_ack();
        home.expect_no_leak();
    }
}

TEST_F(CancelTest, ARedirectionIsHandedOn) {
    invite();
    bob.respond(302, {.contact = "sip:1009@10.77.0.109"});
    EXPECT_EQ(home.take_response(302).get("Contact"), "<sip:1009@10.77.0.109>");
    home.take_ack();
    home.expect_no_leak();
}

TEST_F(CancelTest, TheAnswerHasATagAlsoWhenTheCallIsGone) {
    invite();
    bob.respond(486);
    home.take_response(486);
    home.take_ack();
    home.expect_no_leak();
    alice.cancel();
    EXPECT_NE(home.take_response(200).tag("To"), "");
}

} // namespace
} // namespace tandem::controlplane
