// SPDX-License-Identifier: Apache-2.0
//
// INFO, MESSAGE and NOTIFY in a dialog, with the answers on their way back, and routes.
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

using InDialogTest = TwoPhonesTest;

TEST_F(InDialogTest, RequestsAndAnswersPassBothWays) {
    establish();
    for (const std::string method : {"INFO", "MESSAGE", "NOTIFY"}) {
        const auto handle = alice.send(
            method,
            {.headers = "Max-Forwards: 12\r\nEvent: dialog\r\nSubscription-State: active\r\n",
             .body = "ping"});
        const auto relayed = home.take_request(method);
        EXPECT_EQ(relayed.uri(), bob.own_contact());
        EXPECT_EQ(relayed.get("Max-Forwards"), "11");
        EXPECT_EQ(relayed.get("Event"), "dialog");
        EXPECT_EQ(relayed.body(), "ping");
        EXPECT_EQ(relayed.tag("To"), bob.tag());
        bob.respond_to(relayed, 202, {.body = "pong", .reason = "Accepted"});
        const auto answer = home.take_response(202);
        EXPECT_EQ(answer.out.transaction, handle);
        EXPECT_EQ(answer.body(), "pong");
        EXPECT_EQ(answer.get("Call-ID"), alice.call_id());

        bob.send(method, {.body = "back"});
        const auto back = home.take_request(method);
        EXPECT_EQ(back.get("Call-ID"), alice.call_id());
        EXPECT_EQ(back.tag("To"), alice.tag());
        EXPECT_EQ(back.body(), "back");
        alice.respond_to(back, 415);
        home.take_response(415);
    }
    hang_up();
}

TEST_F(InDialogTest, CseqCountsPerLeg) {
    establish();
    alice.send("INFO");
    const auto first = home.take_request("INFO");
    alice.send("INFO");
    const auto second = home.take_request("INFO");
    EXPECT_EQ(first.get("CSeq"), "2 INFO");
    EXPECT_EQ(second.get("CSeq"), "3 INFO");
    bob.respond_to(second, 200);
    EXPECT_EQ(home.take_response(200).get("CSeq"), "3 INFO");
    bob.respond_to(first, 200);
    EXPECT_EQ(home.take_response(200).get("CSeq"), "2 INFO");
    hang_up();
}

TEST_F(InDialogTest, NoLegHasTheCseqOfTheOther) {
    alice.set_cseq(4'710);
    establish();
    alice.send("INFO");
    const auto to_bob = home.take_request("INFO");
    EXPECT_EQ(to_bob.get("CSeq"), "2 INFO");
    bob.respond_to(to_bob, 200);
    EXPECT_EQ(home.take_response(200).get("CSeq"), "4712 INFO");
    bob.set_cseq(90);
    bob.send("INFO");
    const auto to_alice = home.take_request("INFO");
    EXPECT_EQ(to_alice.get("CSeq"), "1 INFO");
    alice.respond_to(to_alice, 200);
    EXPECT_EQ(home.take_response(200).get("CSeq"), "91 INFO");
    hang_up();
}

// 12.2.2: one less is as much too late as a hundred less.
TEST_F(InDialogTest, ARequestOvertakenByTheNextIsRefused) {
    establish();
    alice.set_cseq(7);
    alice.send("INFO");
    bob.respond_to(home.take_request("INFO"), 200);
    home.take_response(200);
    alice.send("INFO", 7, {});
    EXPECT_EQ(home.take_response(500).get("CSeq"), "7 INFO");
    home.expect_silence();
    hang_up();
}

TEST_F(InDialogTest, TooManyAtOnceAreTurnedAway) {
    establish();
    std::vector<SentRequest> open;
    for (int i = 0; i < 8; ++i) {
        alice.send("INFO");
        open.push_back(home.take_request("INFO"));
    }
    alice.send("INFO");
    EXPECT_NE(home.take_response(500).get("Retry-After"), "");
    for (const auto& request : open) {
        bob.respond_to(request, 200);
        home.take_response(200);
    }
    hang_up();
}

TEST_F(InDialogTest, OptionsAreAnsweredHere) {
    establish();
    alice.send("OPTIONS");
    EXPECT_NE(home.take_response(200).get("Allow"), "");
    hang_up();
}

TEST_F(InDialogTest, UnknownMethodsAreRefusedAndLeaveTheCall) {
    establish();
    alice.send("REFER");
    home.take_response(405);
    hang_up();
}

TEST_F(InDialogTest, APeerThatLostTheDialogEndsTheCall) {
    establish();
    alice.send("INFO");
    bob.respond_to(home.take_request("INFO"), 481);
    home.take_response(481);
    auto first = home.take_request("BYE");
    auto second = home.take_request("BYE");
    EXPECT_EQ(first.get("Reason"), "SIP;cause=481;text=\"Dialog lost\"");
    alice.respond_to(first, 200);
    alice.respond_to(second, 481);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(InDialogTest, APeerThatDoesNotAnswerEndsTheCall) {
    establish();
    alice.send("INFO");
    home.client_timeout(home.take_request("INFO"));
    home.take_response(408);
    home.client_timeout(home.take_request("BYE"));
    home.client_timeout(home.take_request("BYE"));
    home.expect_no_leak();
}

TEST_F(InDialogTest, PendingRequestsEndWithTheCall) {
    establish();
    alice.send("INFO");
    const auto info = home.take_request("INFO");
    bob.send("BYE");
    home.take_response(200);
    EXPECT_EQ(home.take_response(487).get("CSeq"), "2 INFO");
    alice.respond_to(home.take_request("BYE"), 200);
    bob.respond_to(info, 200);
    home.expect_silence();
    home.expect_no_leak();
}

TEST_F(InDialogTest, RouteSetsAreUsedInTheirOrder) {
    establish(
        {.headers = "Record-Route: <sip:10.77.0.51;lr>, <sip:10.77.0.52;lr>\r\n", .body = kOffer},
        {.headers =
             "Record-Route: <sip:10.77.0.61:5066;lr>\r\nRecord-Route: <sip:10.77.0.62;lr>\r\n",
         .body = kAnswer});
    alice.send("INFO");
    const auto to_bob = home.take_request("INFO");
    EXPECT_EQ(to_bob.get("Route"), "<sip:10.77.0.62;lr>|<sip:10.77.0.61:5066;lr>");
    EXPECT_EQ(to_bob.uri(), bob.own_contact());
    EXPECT_EQ(to_bob.out.flow.remote, endpoint_of("10.77.0.62:5060"));
    bob.respond_to(to_bob, 200);
    EXPECT_EQ(home.take_response(200).get("Record-Route"), "");
    bob.send("INFO");
    const auto to_alice = home.take_request("INFO");
    EXPECT_EQ(to_alice.get("Route"), "<sip:10.77.0.51;lr>|<sip:10.77.0.52;lr>");
    EXPECT_EQ(to_alice.out.flow.remote, endpoint_of("10.77.0.51:5060"));
    alice.respond_to(to_alice, 200);
    home.take_response(200);
    hang_up();
}

TEST_F(InDialogTest, AStrictRouterGetsTheRequestUri) {
    establish({.headers = "Record-Route: <sip:10.77.0.51>\r\nRecord-Route: <sip:10.77.0.52;lr>\r\n",
               .body = kOffer});
    bob.send("INFO");
    const auto to_alice = home.take_request("INFO");
    EXPECT_EQ(to_alice.uri(), "sip:10.77.0.51");
    EXPECT_EQ(to_alice.get("Route"), "<sip:10.77.0.52;lr>|<" + alice.own_contact() + ">");
    alice.respond_to(to_alice, 200);
    home.take_response(200);
    hang_up();
}

TEST_F(InDialogTest, RecordRouteComesBackInThe200) {
    invite({.headers = "Record-Route: <sip:10.77.0.51;lr>\r\n", .body = kOffer});
    bob.respond(180);
    EXPECT_EQ(home.take_response(180).get("Record-Route"), "<sip:10.77.0.51;lr>");
    bob.respond(486);
    EXPECT_EQ(home.take_response(486).get("Record-Route"), "");
}

TEST_F(InDialogTest, AHeaderThatIsNotOursStaysOnItsLeg) {
    const auto request =
        invite({.headers = "Authorization: Digest x\r\nRoute: <sip:10.77.0.10;lr>\r\n"
                           "P-Asserted-Identity: <sip:1@x>\r\nUser-to-User: 5a;encoding=hex\r\n"
                           "Allow-Events: talk\r\nSupported: gruu, timer, path\r\n",
                .body = kOffer});
    for (const auto* name : {"Authorization", "Route", "P-Asserted-Identity", "Allow-Events"}) {
        EXPECT_EQ(request.get(name), "") << name;
    }
    EXPECT_EQ(request.get("User-to-User"), "5a;encoding=hex");
    EXPECT_EQ(request.get("Supported"), "timer");
}

TEST_F(InDialogTest, HeadersInAContactDoNotReachARequestUri) {
    invite();
    bob.respond(200, {.body = kAnswer, .contact = "sip:1001@10.77.0.101:5070?Route=%3Csip:x%3E"});
    alice.take_dialog(home.take_response(200));
    EXPECT_EQ(home.take_ack().uri(), bob.own_contact());
    alice.ack();
    hang_up();
}

TEST_F(InDialogTest, RefusalsMeanTheSameAsOfTheFirstInvite) {
    const std::pair<int, int> shown[] = {{401, 403}, {407, 403}, {503, 500}, {415, 415}};
    establish();
    for (const auto& [from_callee, to_caller] : shown) {
        alice.send("INFO");
        bob.respond_to(home.take_request("INFO"), from_callee);
        home.take_response(to_caller);
    }
    hang_up();
}

} // namespace
} // namespace tandem::controlplane
