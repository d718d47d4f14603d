// SPDX-License-Identifier: Apache-2.0
//
// What every request is asked before anybody handles it, and where INVITEs that become no call end.
#include "controlplane/core/registrar.hpp"
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

class ReceiveRequestTest : public TwoPhonesTest {
  protected:
    // Sends a request outside any dialog and returns the answer.
    SentResponse ask(const std::string& line, const std::string& headers, int status) {
        const auto method = line.substr(0, line.find(' '));
        std::string text =
            line + " SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bK1;rport\r\n";
        if (headers.find("From:") == std::string::npos) {
            text += "From: <sip:1000@10.77.0.10>;tag=f\r\n";
        }
        if (headers.find("To:") == std::string::npos) {
            text += "To: <sip:1001@10.77.0.10>\r\n";
        }
        text += "Call-ID: c\r\nCSeq: 5 " + method + "\r\n" + headers + "Content-Length: 0\r\n\r\n";
        home.receive(Message(text), endpoint_of("10.77.0.100:5060"));
        auto response = home.take_response(status);
        home.expect_silence();
        home.expect_no_leak();
        return response;
    }

    static constexpr const char* kContact = "Contact: <sip:1000@10.77.0.100>\r\n";
};

TEST_F(ReceiveRequestTest, AMethodWeDoNotKnowGetsAllow) {
    const auto response = ask("SUBSCRIBE sip:1001@10.77.0.10", kContact, 405);
    EXPECT_NE(response.get("Allow").find("INVITE, ACK, CANCEL, BYE"), std::string::npos);
    EXPECT_NE(response.tag("To"), "");
    EXPECT_EQ(response.get("Via"),
              "SIP/2.0/UDP 10.77.0.100;branch=z9hG4bK1;rport=5060;received=10.77.0.100");
    ask("FETCH sip:1001@10.77.0.10", kContact, 405);
    ask("MESSAGE sip:1001@10.77.0.10", kContact, 405);
    ask("INFO sip:1001@10.77.0.10", kContact, 405);
}

TEST_F(ReceiveRequestTest, OtherSchemesAreRefused) {
    ask("INVITE tel:1001", kContact, 416);
    ask("INVITE sips:1001@10.77.0.10", kContact, 416);
}

TEST_F(ReceiveRequestTest, HeadersInTheRequestUriAreRefused) {
    ask("INVITE sip:1001@10.77.0.10?Route=%3Csip:10.77.0.99%3E", kContact, 400);
    ask("OPTIONS sip:10.77.0.10?Subject=x", "", 400);
}

TEST_F(ReceiveRequestTest, RequiredExtensionsAreNamed) {
    const auto response =
        ask("INVITE sip:1001@10.77.0.10", std::string(kContact) + "Require: timer, gruu\r\n", 420);
    EXPECT_EQ(response.get("Unsupported"), "gruu");
    EXPECT_EQ(ask("OPTIONS sip:10.77.0.10", "Proxy-Require: foo\r\n", 420).get("Unsupported"),
              "foo");
    EXPECT_EQ(ask("OPTIONS sip:10.77.0.10", "Require: a, timer, b\r\nProxy-Require: c\r\n", 420)
                  .get("Unsupported"),
              "a, b, c");
}

TEST_F(ReceiveRequestTest, NoHopsLeft) {
    ask("INVITE sip:1001@10.77.0.10", std::string(kContact) + "Max-Forwards: 0\r\n", 483);
}

TEST_F(ReceiveRequestTest, WhatIsWrongIsSaid) {
    EXPECT_NE(ask("INVITE sip:1001@10.77.0.10", "", 400).text().find("400 Missing Contact"),
              std::string::npos);
    EXPECT_NE(ask("INVITE sip:1001@10.77.0.10", "Contact: <tel:1>\r\n", 400)
                  .text()
                  .find("400 Malformed Contact"),
              std::string::npos);
    EXPECT_NE(ask("INVITE sip:1001@10.77.0.10",
                  std::string(kContact) + "From: <sip:1000@10.77.0.10>\r\n",
                  400)
                  .text()
                  .find("400 missing From tag"),
              std::string::npos);
    EXPECT_NE(ask("INVITE sip:1001@10.77.0.10",
                  std::string(kContact) + "Record-Route: sip:10.77.0.99;lr\r\n",
                  400)
                  .text()
                  .find("400 malformed Record-Route"),
              std::string::npos);
}

TEST_F(ReceiveRequestTest, WhatIsNotNeededMayBeMalformed) {
    ask("OPTIONS sip:10.77.0.10", "Via: x\r\nContact: x y\r\nRoute: x\r\nDate: yesterday\r\n", 200);
}

TEST_F(ReceiveRequestTest, DialogsNobodyKnows) {
    ask("BYE sip:1001@10.77.0.10", "To: <sip:1001@10.77.0.10>;tag=6100000700000001-aa\r\n", 481);
    ask("INVITE sip:1001@10.77.0.10",
        std::string(kContact) + "To: <sip:1001@10.77.0.10>;tag=x\r\n",
        481);
    ask("BYE sip:1001@10.77.0.10", "", 481);
    EXPECT_EQ(home.counter(CoreCounter::RefusedUnknownDialog), 3U);
}

TEST_F(ReceiveRequestTest, StrangersAreForbidden) {
    ask("INVITE sip:1001@10.77.0.10",
        std::string(kContact) + "From: <sip:4711@10.77.0.10>;tag=f\r\n",
        403);
}

TEST_F(ReceiveRequestTest, OptionsSayWhatWeCan) {
    const auto response = ask("OPTIONS sip:10.77.0.10", "", 200);
    EXPECT_NE(response.get("Allow").find("PRACK"), std::string::npos);
    EXPECT_EQ(response.get("Supported"), "100rel, timer");
    EXPECT_EQ(response.get("Accept"), "application/sdp");
}

TEST_F(ReceiveRequestTest, NumbersThatLeadNowhere) {
    ask("INVITE sip:5555@10.77.0.10", kContact, 404);
    ask("INVITE sip:1020@10.77.0.10", kContact, 480);
    EXPECT_EQ(home.counter(CoreCounter::RefusedRoute), 2U);
}

TEST_F(ReceiveRequestTest, RegisterReachesTheRegistrar) {
    ask("REGISTER sip:10.77.0.10",
        "From: <sip:1020@10.77.0.10>;tag=f\r\nTo: <sip:1020@10.77.0.10>\r\n"
        "Contact: <sip:1020@10.77.0.100:5062>\r\n",
        200);
    EXPECT_EQ(home.core().registrar().in_use(), 1U);
}

TEST_F(ReceiveRequestTest, BusyAtMaxCalls) {
    Phone carol(home, "1010", "10.77.0.102:5060");
    alice.call("1010", {.body = kOffer});
    const auto first = home.take_request("INVITE");
    Phone bella(home, "1001", "10.77.0.103:5060");
    bella.call("1010", {.body = kOffer});
    home.take_response(486);
    // The called DN itself may not place a second call either.
    carol.call("1001", {.body = kOffer});
    home.take_response(486);
    EXPECT_EQ(home.counter(CoreCounter::RefusedBusy), 1U);
    alice.cancel();
    home.take_response(200);
    home.take_response(487);
    bob.respond_to(first, 180);
    bob.respond_to(home.take_request("CANCEL"), 200);
    bob.respond_to(first, 487);
    home.take_ack();
    home.expect_no_leak();
}

class SmallSwitchTest : public ::testing::Test {
  protected:
    static config::Configuration one_call() {
        auto configuration = call_configuration();
        configuration.application.max_calls_at_once = 1;
        return configuration;
    }
};

TEST_F(SmallSwitchTest, AFullPoolIsRefusedAndNamed) {
    TestSwitch home(one_call());
    Phone alice(home, "1000", "10.77.0.100:5060");
    alice.call("1001", {.body = kOffer});
    const auto invite = home.take_request("INVITE");
    Phone carol(home, "1002", "10.77.0.102:5060");
    carol.call("1003", {.body = kOffer});
    EXPECT_NE(home.take_response(503).get("Retry-After"), "");
    EXPECT_EQ(home.counter(CoreCounter::PoolFullCalls), 1U);
    home.client_timeout(invite);
    home.take_response(408);
    home.expect_no_leak();
    carol.call("1003", {.body = kOffer});
    home.take_request("INVITE");
}

TEST_F(SmallSwitchTest, WithoutClientTransactionsThereAreNoCalls) {
    TestSwitch home;
    home.step(DetachedInput{});
    home.step(AttachedInput{
        .owner = {.epoch = 5, .node = 1, .worker = 0}, .branch_key = {}, .call_id_key = {}});
    home.give_slots(64);
    Phone alice(home, "1000", "10.77.0.100:5060");
    alice.call("1001", {.body = kOffer});
    home.take_response(503);
    EXPECT_EQ(home.counter(CoreCounter::PoolFullClientSlots), 1U);
    home.expect_no_leak();
}

} // namespace
} // namespace tandem::controlplane
