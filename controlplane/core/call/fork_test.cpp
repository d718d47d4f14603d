// SPDX-License-Identifier: Apache-2.0
//
// Several callees: contacts rung in parallel, and several dialogs of one INVITE (RFC 3261 sections
// 12.1.2, 13.2.2.4, 16.7).
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

class ParallelRingTest : public TwoPhonesTest {
  protected:
    // 1020 registers three contacts, then alice calls it.
    void ring_three() {
        std::string contacts;
        for (int i = 1; i <= 3; ++i) {
            contacts += "Contact: <sip:1020@10.77.0.10" + std::to_string(i) + ":5080>\r\n";
        }
        home.receive(Message("REGISTER sip:10.77.0.10 SIP/2.0\r\nVia: SIP/2.0/UDP "
                             "10.77.0.101:5080;branch=z9hG4bKr\r\nFrom: "
                             "<sip:1020@10.77.0.10>;tag=f\r\nTo: <sip:1020@10.77.0.10>\r\nCall-ID: "
                             "r\r\nCSeq: 1 REGISTER\r\n" +
                             contacts + "Content-Length: 0\r\n\r\n"),
                     endpoint_of("10.77.0.101:5080"));
        home.take_response(200);
        alice.call("1020", {.body = kOffer});
        for (auto& phone : phones) {
            requests.push_back(home.take_request("INVITE"));
            phone.ring(requests.back());
        }
        home.expect_silence();
    }

    Phone phones[3] = {{home, "1020", "10.77.0.101:5080"},
                       {home, "1020", "10.77.0.102:5080"},
                       {home, "1020", "10.77.0.103:5080"}};
    std::vector<SentRequest> requests;
};

TEST_F(ParallelRingTest, EveryContactHasADialogOfItsOwn) {
    ring_three();
    EXPECT_NE(requests[0].get("Call-ID"), requests[1].get("Call-ID"));
    EXPECT_NE(requests[0].tag("From"), requests[1].tag("From"));
    EXPECT_NE(requests[0].get("Via"), requests[1].get("Via"));
    EXPECT_NE(requests[0].uri(), requests[1].uri());
    phones[0].respond(183, {.body = "sdp a"});
    phones[1].respond(180);
    const auto first = home.take_response(183);
    const auto second = home.take_response(180);
    EXPECT_EQ(first.body(), "sdp a");
    EXPECT_NE(first.tag("To"), second.tag("To"));
}

TEST_F(ParallelRingTest, TheFirst200WinsTheOthersAreCancelled) {
    ring_three();
    phones[0].respond(180);
    phones[1].respond(180);
    home.take_response(180);
    const auto ringing = home.take_response(180);
    phones[1].respond(200, {.body = kAnswer});
    const auto ok = home.take_response(200);
    EXPECT_EQ(ok.tag("To"), ringing.tag("To"));
    EXPECT_EQ(home.take_ack().get("Call-ID"), requests[1].get("Call-ID"));
    alice.take_dialog(ok);
    alice.ack();
    const auto cancel = home.take_request("CANCEL");
    EXPECT_EQ(cancel.get("Call-ID"), requests[0].get("Call-ID"));
    EXPECT_EQ(cancel.get("Reason"), "SIP;cause=200;text=\"Call completed elsewhere\"");
    home.expect_silence(); // the third has not said anything yet
    phones[0].respond_to(cancel, 200);
    phones[0].respond(487);
    home.take_ack();
    phones[2].respond(180);
    phones[2].respond_to(home.take_request("CANCEL"), 200);
    // The third answers all the same.
    phones[2].respond(200, {.body = "late"});
    EXPECT_EQ(home.take_ack().get("Call-ID"), requests[2].get("Call-ID"));
    const auto bye = home.take_request("BYE");
    EXPECT_EQ(bye.get("Call-ID"), requests[2].get("Call-ID"));
    phones[2].respond_to(bye, 200);
    home.expect_silence();
    alice.send("BYE");
    home.take_response(200);
    phones[1].respond_to(home.take_request("BYE"), 200);
    home.expect_no_leak();
}

TEST_F(ParallelRingTest, ADialogThatWasLeftIsNotAnsweredByItsRemains) {
    invite({.headers = "Supported: 100rel\r\n", .body = kOffer});
    bob.respond(183, {.headers = "Require: 100rel\r\nRSeq: 1\r\n", .tag = "one"});
    const auto first = home.take_response(183);
    bob.respond(180, {.tag = "two"});
    home.take_response(180);
    alice.take_dialog(first);
    alice.send("PRACK", {.headers = "RAck: " + first.get("RSeq") + " 1 INVITE\r\n"});
    const auto prack = home.take_request("PRACK");
    alice.send("BYE");
    home.take_response(200);
    home.take_response(487); // to the PRACK
    home.expect_silence();
    // The one that was left answers all the same, then its PRACK.
    bob.respond(200, {.body = kAnswer, .tag = "one"});
    const auto ok = home.take_response(200);
    EXPECT_NE(ok.tag("To"), first.tag("To"));
    home.take_ack();
    bob.respond_to(prack, 200);
    alice.take_dialog(ok);
    alice.ack();
    home.expect_silence();
    alice.send("BYE");
    home.take_response(200);
    bob.respond_to(home.take_request("BYE"), 200);
    home.expect_no_leak();
}

TEST_F(ParallelRingTest, TheBestRefusalGoesBack) {
    ring_three();
    phones[0].respond(500);
    home.take_ack();
    phones[1].respond(486, {.headers = "X-Who: two\r\n", .reason = "Busy Here"});
    home.take_ack();
    home.expect_silence();
    home.client_timeout(requests[2]);
    const auto refused = home.take_response(486);
    EXPECT_EQ(refused.get("X-Who"), "two");
    EXPECT_NE(refused.text().find("486 Busy Here"), std::string::npos);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ParallelRingTest, A6xxStopsTheOthers) {
    ring_three();
    phones[0].respond(180);
    home.take_response(180);
    phones[1].respond(603);
    home.take_ack();
    phones[0].respond_to(home.take_request("CANCEL"), 200);
    phones[0].respond(487);
    home.take_ack();
    phones[2].respond(486);
    home.take_ack();
    home.take_response(603);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ParallelRingTest, A6xxGoesBackWhenTheOthersNeverEnd) {
    ring_three();
    phones[0].respond(180);
    home.take_response(180);
    phones[1].respond(603);
    home.take_ack();
    home.take_request("CANCEL");
    home.pass(33);
    home.take_response(603);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ParallelRingTest, ACancelReachesAll) {
    ring_three();
    for (auto& phone : phones) {
        phone.respond(180);
        home.take_response(180);
    }
    alice.cancel();
    home.take_response(200);
    home.take_response(487);
    for (int i = 0; i < 3; ++i) {
        const auto cancel = home.take_request("CANCEL");
        phones[0].respond_to(cancel, 200);
    }
    for (auto& phone : phones) {
        phone.respond(487);
        home.take_ack();
    }
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(ParallelRingTest, DialogsOfOneInviteDoNotMix) {
    const auto request = invite();
    bob.respond(183, {.body = "sdp one", .tag = "one"});
    bob.respond(183, {.body = "sdp two", .tag = "two"});
    const auto first = home.take_response(183);
    const auto second = home.take_response(183);
    EXPECT_NE(first.tag("To"), second.tag("To"));
    EXPECT_EQ(second.body(), "sdp two");
    bob.respond(200, {.body = kAnswer, .tag = "two"});
    const auto ok = home.take_response(200);
    EXPECT_EQ(ok.tag("To"), second.tag("To"));
    EXPECT_EQ(home.take_ack().tag("To"), "two");
    // The other one answers too.
    bob.respond(200, {.body = kAnswer, .tag = "one"});
    EXPECT_EQ(home.take_ack().tag("To"), "one");
    const auto bye = home.take_request("BYE");
    EXPECT_EQ(bye.tag("To"), "one");
    EXPECT_EQ(bye.get("CSeq"), "2 BYE");
    bob.respond_to(bye, 200);
    alice.take_dialog(ok);
    alice.ack();
    alice.send("INFO");
    EXPECT_EQ(home.take_request("INFO").tag("To"), "two");
}

TEST_F(ParallelRingTest, A200OfADialogNobodyHasSeenYet) {
    invite();
    bob.respond(180, {.tag = "one"});
    const auto ringing = home.take_response(180);
    bob.respond(200, {.body = kAnswer, .tag = "two"});
    const auto ok = home.take_response(200);
    EXPECT_NE(ok.tag("To"), ringing.tag("To"));
    EXPECT_EQ(home.take_ack().tag("To"), "two");
}

TEST_F(ParallelRingTest, OneEarlyDialogOfSeveralMayBeLeft) {
    ring_three();
    phones[0].respond(180);
    const auto first = home.take_response(180);
    phones[1].respond(180);
    const auto second = home.take_response(180);
    alice.take_dialog(first);
    alice.send("BYE");
    home.take_response(200);
    const auto cancel = home.take_request("CANCEL");
    EXPECT_EQ(cancel.get("Call-ID"), requests[0].get("Call-ID"));
    phones[0].respond_to(cancel, 200);
    phones[0].respond(487);
    home.take_ack();
    home.expect_silence();
    phones[1].respond(200, {.body = kAnswer});
    EXPECT_EQ(home.take_response(200).tag("To"), second.tag("To"));
}

TEST_F(ParallelRingTest, ARepeated200OfTheWinnerIsAckedAgain) {
    invite();
    bob.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    const auto ack = home.take_ack();
    alice.ack();
    bob.respond(200, {.body = kAnswer});
    const auto again = home.take_ack();
    EXPECT_EQ(again.uri(), ack.uri());
    EXPECT_EQ(again.get("CSeq"), ack.get("CSeq"));
    home.expect_silence();
    hang_up();
}

TEST_F(ParallelRingTest, ACalleeMakesNoMoreDialogsThanItMay) {
    invite();
    for (int i = 0; i < 50; ++i) {
        bob.respond(180, {.tag = "x" + std::to_string(i)});
    }
    EXPECT_EQ(home.effects.responses.size(), 8U);
    home.effects.responses.clear();
    EXPECT_EQ(home.core().pools()[1].in_use, 16U); // legs
    bob.respond(200, {.body = kAnswer, .tag = "y"});
    alice.take_dialog(home.take_response(200));
    EXPECT_EQ(home.take_ack().tag("To"), "y");
    alice.ack();
    EXPECT_EQ(home.core().pools()[1].in_use, 2U);
    alice.send("BYE");
    home.take_response(200);
    bob.respond_to(home.take_request("BYE"), 200);
    home.expect_no_leak();
}

} // namespace
} // namespace tandem::controlplane
