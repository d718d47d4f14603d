// SPDX-License-Identifier: Apache-2.0
//
// Calls to and from the trunk, and phones behind NAT.
#include "controlplane/core/registrar.hpp"
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

class TrunkCallTest : public TwoPhonesTest {
  protected:
    Phone gateway{home, "5550100", "10.77.0.200:5060"};
};

TEST_F(TrunkCallTest, OutboundSeesTheNumberWithoutThePrefix) {
    alice.call("95550100", {.body = kOffer});
    const auto request = home.take_request("INVITE");
    EXPECT_EQ(request.uri(), "sip:5550100@10.77.0.200:5060");
    EXPECT_EQ(request.get("To"), "<sip:5550100@10.77.0.10>");
    EXPECT_EQ(request.out.flow.remote, gateway.endpoint());
    EXPECT_EQ(home.core().directory().trunk(TrunkIndex{0}).calls, 1U);
    gateway.ring(request);
    gateway.respond(200,
                    {.headers = "P-Asserted-Identity: <sip:5550100@carrier>\r\n", .body = kAnswer});
    const auto ok = home.take_response(200);
    EXPECT_EQ(ok.get("P-Asserted-Identity"), "<sip:5550100@carrier>");
    alice.take_dialog(ok);
    home.take_ack();
    alice.ack();
    alice.send("BYE");
    home.take_response(200);
    gateway.respond_to(home.take_request("BYE"), 200);
    home.expect_no_leak();
}

TEST_F(TrunkCallTest, InboundReachesADn) {
    gateway.call("1001",
                 {.headers = "P-Asserted-Identity: <sip:5550100@carrier>\r\n"
                             "Diversion: <sip:1@x>\r\n",
                  .body = kOffer});
    const auto request = home.take_request("INVITE");
    EXPECT_EQ(request.uri(), "sip:1001@10.77.0.101:5070");
    EXPECT_EQ(request.get("P-Asserted-Identity"), "<sip:5550100@carrier>");
    EXPECT_EQ(request.get("Diversion"), "<sip:1@x>");
    EXPECT_EQ(request.get("From").substr(0, 43), "\"Phone 5550100\" <sip:5550100@10.77.0.10>;ta");
    bob.ring(request);
    bob.respond(486);
    home.take_response(486);
    home.take_ack();
    home.expect_no_leak();
}

TEST_F(TrunkCallTest, ATrunkIsFullAtItsCapacity) {
    alice.call("95550100", {.body = kOffer});
    home.take_request("INVITE");
    Phone carol(home, "1002", "10.77.0.102:5060");
    carol.call("95550101", {.body = kOffer});
    home.take_request("INVITE");
    gateway.call("1001", {.body = kOffer});
    home.take_response(503);
    Phone dave(home, "1003", "10.77.0.103:5060");
    dave.call("95550102", {.body = kOffer});
    home.take_response(503);
}

TEST_F(TrunkCallTest, APhoneBehindNatStaysOnItsFlow) {
    const auto source = endpoint_of("203.0.113.7:40000");
    home.receive(
        Message("REGISTER sip:10.77.0.10 SIP/2.0\r\nVia: SIP/2.0/UDP "
                "192.168.1.2:5060;branch=z9hG4bKr;rport\r\nFrom: <sip:1030@x>;tag=f\r\nTo: "
                "<sip:1030@x>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n"
                "Contact: <sip:1030@192.168.1.2:5060>\r\nContent-Length: 0\r\n\r\n"),
        source);
    home.take_response(200);
    alice.call("1030", {.body = kOffer});
    const auto request = home.take_request("INVITE");
    EXPECT_EQ(request.uri(), "sip:1030@192.168.1.2:5060");
    EXPECT_EQ(request.out.flow.remote, source);
    Phone hidden(home, "1030", "192.168.1.2:5060");
    hidden.ring(request);
    hidden.respond(200, {.body = kAnswer});
    alice.take_dialog(home.take_response(200));
    EXPECT_EQ(home.take_ack().out.flow.remote, source);
    alice.ack();
    alice.send("BYE");
    home.take_response(200);
    const auto bye = home.take_request("BYE");
    EXPECT_EQ(bye.uri(), "sip:1030@192.168.1.2:5060");
    EXPECT_EQ(bye.out.flow.remote, source);
    hidden.respond_to(bye, 200);
    home.expect_no_leak();
}

TEST_F(TrunkCallTest, ACallToTheUniqueAddressLivesAtTheVirtualOne) {
    const Message message("INVITE sip:1001@10.77.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP "
                          "10.77.0.100;branch=z9hG4bKu\r\nFrom: <sip:1000@x>;tag=f\r\nTo: "
                          "<sip:1001@x>\r\nCall-ID: u\r\nCSeq: 1 INVITE\r\n"
                          "Contact: <sip:1000@10.77.0.100>\r\nContent-Length: 0\r\n\r\n");
    Datagram datagram{.view = message.view(), .flow = {}};
    datagram.flow.remote = endpoint_of("10.77.0.100:5060");
    datagram.flow.local = endpoint_of("10.77.0.1:5060");
    home.step(RequestInput{.transaction = {.index = 900, .generation = 1}, .message = datagram});
    const auto request = home.take_request("INVITE");
    EXPECT_EQ(request.out.flow.local, endpoint_of("10.77.0.10:5060"));
    bob.ring(request);
    bob.respond(180);
    EXPECT_EQ(home.take_response(180).get("Contact"), "<sip:1001@10.77.0.10:5060>");
}

TEST_F(TrunkCallTest, ANumberTooLongForOurFromIsLeftOut) {
    Phone endless(home, std::string(600, '5'), "10.77.0.200:5060");
    endless.call("1001", {.body = kOffer, .contact = "sip:gw@10.77.0.200:5060"});
    const auto request = home.take_request("INVITE");
    EXPECT_NE(request.get("From").find("<sip:anonymous@10.77.0.10>;tag="), std::string::npos);
    EXPECT_EQ(request.get("Contact"), "<sip:anonymous@10.77.0.10:5060>");
}

TEST_F(TrunkCallTest, HeadersOfARegisteredContactDoNotReachARequestUri) {
    home.receive(Message("REGISTER sip:10.77.0.10 SIP/2.0\r\nVia: SIP/2.0/UDP "
                         "10.77.0.101:5080;branch=z9hG4bKr\r\nFrom: "
                         "<sip:1020@10.77.0.10>;tag=f\r\nTo: <sip:1020@10.77.0.10>\r\nCall-ID: "
                         "r\r\nCSeq: 1 REGISTER\r\n"
                         "Contact: <sip:1020@10.77.0.101:5080;a=b?Subject=x>\r\n"
                         "Content-Length: 0\r\n\r\n"),
                 endpoint_of("10.77.0.101:5080"));
    home.take_response(200);
    alice.call("1020", {.body = kOffer});
    EXPECT_EQ(home.take_request("INVITE").uri(), "sip:1020@10.77.0.101:5080;a=b");
}

} // namespace
} // namespace tandem::controlplane
