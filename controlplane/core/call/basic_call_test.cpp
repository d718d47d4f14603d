// SPDX-License-Identifier: Apache-2.0
//
// A plain call from INVITE to BYE, and what each side sees of it.
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

TEST(BasicCallTest, TheCalleeGetsADialogOfOurs) {
    TestSwitch home;
    Phone alice(home, "1000", "10.77.0.100:5060");
    alice.call("1001",
               {.headers = "Subject: hello\r\nX-Team: red\r\nX-Team: blue\r\n", .body = kOffer});
    const auto invite = home.take_request("INVITE");
    EXPECT_EQ(invite.uri(), "sip:1001@10.77.0.101:5070");
    EXPECT_EQ(invite.out.flow.remote, endpoint_of("10.77.0.101:5070"));
    EXPECT_EQ(invite.out.flow.local, endpoint_of("10.77.0.10:5060"));
    EXPECT_EQ(invite.get("Via").substr(0, 50),
              "SIP/2.0/UDP 10.77.0.10:5060;branch=z9hG4bK01000003");
    EXPECT_EQ(invite.get("Via").find('|'), std::string::npos) << "nothing of the caller's network";
    EXPECT_EQ(invite.get("From").substr(0, 45), "\"Phone 1000\" <sip:1000@10.77.0.10>;tag=610000");
    EXPECT_EQ(invite.get("To"), "<sip:1001@10.77.0.10>");
    EXPECT_NE(invite.get("Call-ID"), alice.call_id());
    EXPECT_EQ(invite.get("CSeq"), "1 INVITE");
    EXPECT_EQ(invite.get("Max-Forwards"), "69");
    EXPECT_EQ(invite.get("Contact"), "<sip:1000@10.77.0.10:5060>");
    EXPECT_EQ(invite.get("Subject"), "hello");
    EXPECT_EQ(invite.get("X-Team"), "red|blue");
    EXPECT_EQ(invite.get("Content-Type"), "application/sdp");
    EXPECT_EQ(invite.body(), kOffer);
    EXPECT_EQ(invite.get("Route"), "");
    home.expect_silence();
}

TEST(BasicCallTest, GoesFromInviteToBye) {
    TestSwitch home;
    Phone alice(home, "1000", "10.77.0.100:5060");
    Phone bob(home, "1001", "10.77.0.101:5070");
    const auto handle = alice.call("1001", {.body = kOffer});
    const auto invite = home.take_request("INVITE");
    bob.ring(invite);
    bob.respond(180);
    const auto ringing = home.take_response(180);
    EXPECT_EQ(ringing.out.transaction, handle);
    EXPECT_EQ(ringing.get("Call-ID"), alice.call_id());
    EXPECT_EQ(ringing.get("CSeq"), "1 INVITE");
    EXPECT_EQ(ringing.get("Contact"), "<sip:1001@10.77.0.10:5060>");
    EXPECT_EQ(ringing.get("Via"),
              "SIP/2.0/UDP 10.77.0.100:5060;branch=z9hG4bKINVITE" + alice.tag() +
                  "1;rport=5060;received=10.77.0.100");
    EXPECT_NE(ringing.tag("To"), bob.tag());

    bob.respond(200, {.body = kAnswer});
    const auto ok = home.take_response(200);
    EXPECT_EQ(ok.body(), kAnswer);
    EXPECT_EQ(ok.get("Contact"), "<sip:1001@10.77.0.10:5060>");
    EXPECT_EQ(ok.tag("To"), ringing.tag("To"));
    const auto ack = home.take_ack();
    EXPECT_EQ(ack.uri(), bob.own_contact());
    EXPECT_EQ(ack.get("CSeq"), "1 ACK");
    EXPECT_EQ(ack.get("To"), "<sip:1001@10.77.0.10>;tag=" + bob.tag());
    EXPECT_NE(ack.get("Via"), invite.get("Via"));
    EXPECT_EQ(ack.out.invite, invite.out.transaction);

    alice.take_dialog(ok);
    alice.ack();
    EXPECT_EQ(home.core().live_calls(), 1U);
    alice.send("BYE", {.headers = "Reason: SIP;cause=200\r\n"});
    EXPECT_EQ(home.take_response(200).get("CSeq"), "2 BYE");
    const auto bye = home.take_request("BYE");
    EXPECT_EQ(bye.get("CSeq"), "2 BYE");
    EXPECT_EQ(bye.get("Reason"), "SIP;cause=200");
    EXPECT_EQ(bye.uri(), bob.own_contact());
    EXPECT_EQ(bye.get("From"), invite.get("From"));
    bob.respond_to(bye, 200);
    home.expect_silence();
    home.expect_no_leak();
}

TEST(BasicCallTest, TheCalleeMayHangUp) {
    TestSwitch home;
    Phone alice(home, "1000", "10.77.0.100:5060");
    Phone bob(home, "1001", "10.77.0.101:5070");
    alice.call("1001", {.body = kOffer});
    bob.ring(home.take_request("INVITE"));
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    alice.ack();
    bob.send("BYE");
    home.take_response(200);
    const auto bye = home.take_request("BYE");
    EXPECT_EQ(bye.uri(), alice.own_contact());
    EXPECT_EQ(bye.get("Call-ID"), alice.call_id());
    EXPECT_EQ(bye.get("CSeq"), "1 BYE");
    EXPECT_EQ(bye.tag("To"), alice.tag());
    alice.respond_to(bye, 200);
    home.expect_silence();
    home.expect_no_leak();
    std::array<CallSnapshot, 4> ended;
    ASSERT_EQ(home.core().ended_calls(ended), 1U);
    EXPECT_EQ(ended[0].cause, EndCause::CalleeHungUp);
    EXPECT_EQ(ended[0].caller_number.text(), "1000");
    EXPECT_EQ(ended[0].dialled.text(), "1001");
    EXPECT_EQ(ended[0].final_status, 200);
}

} // namespace
} // namespace tandem::controlplane
