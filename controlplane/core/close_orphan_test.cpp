// SPDX-License-Identifier: Apache-2.0
//
// What a core says to the transactions of another one that died: from messages alone, each kind,
// with what the RFC wants equal to the INVITE; and what it says to requests of calls it never had.
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

using transaction::OrphanKind;

// `home` is the core that dies, `next` the one that comes.
class CloseOrphanTest : public TwoPhonesTest {
  protected:
    void tell(const OrphanInput& orphan) { next.step(orphan); }

    void tell_request(const Message& message) {
        Datagram datagram{.view = message.view(), .flow = {}};
        datagram.flow.remote = alice.endpoint();
        datagram.flow.local = endpoint_of("10.77.0.10:5060");
        tell({.kind = OrphanKind::Request, .server = kServer, .client = {}, .message = datagram});
    }

    void tell_invite(const SentRequest& invite, OrphanKind kind, std::string_view to_tag = {}) {
        tell({.kind = kind,
              .server = {},
              .client = invite.out.transaction,
              .message = {.view = invite.view(), .flow = invite.out.flow},
              .to_tag = to_tag});
    }

    // A late response to an INVITE of the dead core, as the dataplane passes it up.
    void answer_late(const SentRequest& invite, int status) {
        const Message late(bob.compose_response(invite, status, {.body = kAnswer}));
        next.step(ResponseInput{.transaction = invite.out.transaction,
                                .user = 0,
                                .message = {.view = late.view(), .flow = invite.out.flow}});
    }

    static constexpr transaction::ServerHandle kServer{.index = 4, .generation = 2};

    TestSwitch next{call_configuration(), 2};
};

Message request_of_alice(const std::string& method, const std::string& to = {}) {
    return Message(method + " sip:1001@10.77.0.10 SIP/2.0\r\n" +
                   "Via: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bKq;rport\r\n"
                   "Via: SIP/2.0/UDP 10.77.0.99;branch=z9hG4bKp\r\n"
                   "From: <sip:1000@10.77.0.10>;tag=a\r\n"
                   "To: <sip:1001@10.77.0.10>" +
                   to +
                   "\r\n"
                   "Call-ID: lost\r\nCSeq: 3 " +
                   method + "\r\nContent-Length: 0\r\n\r\n");
}

TEST_F(CloseOrphanTest, ARequestGets500) {
    tell_request(request_of_alice("INVITE"));
    const auto answer = next.take_response(500);
    EXPECT_EQ(answer.out.transaction, kServer);
    EXPECT_EQ(answer.get("Via"),
              "SIP/2.0/UDP 10.77.0.100;branch=z9hG4bKq;rport=5060;received=10.77.0.100|"
              "SIP/2.0/UDP 10.77.0.99;branch=z9hG4bKp");
    EXPECT_EQ(answer.get("CSeq"), "3 INVITE");
    EXPECT_FALSE(answer.tag("To").empty());
    next.expect_silence();
    next.expect_no_leak();
    EXPECT_EQ(next.counter(CoreCounter::OrphansAnswered), 1U);
}

TEST_F(CloseOrphanTest, ARequestInADialogKeepsItsTag) {
    tell_request(request_of_alice("INFO", ";tag=dead"));
    EXPECT_EQ(next.take_response(500).tag("To"), "dead");
}

TEST_F(CloseOrphanTest, ARingingInviteIsAnsweredFromItsLastResponse) {
    alice.call("1001", {.body = kOffer});
    bob.ring(home.take_request("INVITE"));
    bob.respond(180);
    const auto ringing = home.take_response(180);
    tell_request(ringing);
    const auto answer = next.take_response(500);
    for (const auto* const name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
        EXPECT_EQ(answer.get(name), ringing.get(name));
    }
}

TEST_F(CloseOrphanTest, ACancelGets200) {
    tell_request(request_of_alice("CANCEL"));
    const auto answer = next.take_response(200);
    EXPECT_EQ(answer.get("CSeq"), "3 CANCEL");
    EXPECT_FALSE(answer.tag("To").empty());
}

TEST_F(CloseOrphanTest, AnInviteOfOursGetsCancel) {
    const auto sent = invite();
    tell_invite(sent, OrphanKind::Invite);
    const auto cancel = next.take_request("CANCEL");
    EXPECT_EQ(cancel.uri(), sent.uri());
    for (const auto* const name : {"Via", "From", "To", "Call-ID", "Route"}) {
        EXPECT_EQ(cancel.get(name), sent.get(name));
    }
    EXPECT_EQ(cancel.view().cseq_number(), sent.view().cseq_number());
    EXPECT_EQ(cancel.out.invite, sent.out.transaction);
    EXPECT_EQ(cancel.out.flow.remote, sent.out.flow.remote);
    EXPECT_EQ(next.counter(CoreCounter::OrphansCancelled), 1U);
    bob.respond_to(cancel, 200);
    next.client_timeout(cancel);
    next.expect_silence();
    next.expect_no_leak();
}

TEST_F(CloseOrphanTest, WithoutASlotNothingIsSent) {
    const auto sent = invite();
    for (int i = 0; i < 1024; ++i) {
        tell_invite(sent, OrphanKind::Invite);
    }
    EXPECT_EQ(next.effects.requests.size(), 1024U);
    tell_invite(sent, OrphanKind::Invite);
    EXPECT_EQ(next.effects.requests.size(), 1024U);
    EXPECT_EQ(next.counter(CoreCounter::PoolFullClientSlots), 1U);
}

TEST_F(CloseOrphanTest, ARefusalGetsItsAck) {
    const auto sent = invite();
    tell_invite(sent, OrphanKind::Refused, "theirs");
    const auto ack = next.take_ack();
    EXPECT_EQ(ack.method(), "ACK");
    EXPECT_EQ(ack.uri(), sent.uri());
    for (const auto* const name : {"Via", "From", "Call-ID", "Route"}) {
        EXPECT_EQ(ack.get(name), sent.get(name));
    }
    EXPECT_EQ(ack.get("To"), sent.get("To") + ";tag=theirs");
    EXPECT_EQ(ack.get("CSeq"), std::to_string(sent.view().cseq_number()) + " ACK");
    EXPECT_EQ(ack.out.invite, sent.out.transaction);
    EXPECT_EQ(next.counter(CoreCounter::OrphansAcknowledged), 1U);
}

// A re-INVITE has a tag of its own already, and Routes that CANCEL and ACK take along.
TEST_F(CloseOrphanTest, RoutesAndTagsOfAReinvite) {
    const SentRequest reinvite("INVITE sip:1001@10.77.0.101:5070 SIP/2.0\r\n"
                               "Via: SIP/2.0/UDP 10.77.0.10:5060;branch=z9hG4bKours;rport\r\n"
                               "Route: <sip:p;lr>, <sip:q;lr>\r\nRoute: <sip:r;lr>\r\n"
                               "From: <sip:1000@10.77.0.10>;tag=dead\r\n"
                               "To: <sip:1001@10.77.0.10>;tag=theirs\r\n"
                               "Call-ID: lost\r\nCSeq: 9 INVITE\r\nContent-Length: 0\r\n\r\n",
                               {});
    tell_invite(reinvite, OrphanKind::Refused, "theirs");
    const auto ack = next.take_ack();
    EXPECT_EQ(ack.get("To"), "<sip:1001@10.77.0.10>;tag=theirs");
    EXPECT_EQ(ack.get("Route"), "<sip:p;lr>, <sip:q;lr>|<sip:r;lr>");
    tell_invite(reinvite, OrphanKind::Invite);
    EXPECT_EQ(next.take_request("CANCEL").get("Route"), "<sip:p;lr>, <sip:q;lr>|<sip:r;lr>");
}

TEST_F(CloseOrphanTest, ALate2xxGetsAckAndBye) {
    const auto sent = invite();
    tell_invite(sent, OrphanKind::Invite);
    next.take_request("CANCEL");
    answer_late(sent, 200);
    const auto ack = next.take_ack();
    EXPECT_EQ(ack.out.invite, sent.out.transaction);
    EXPECT_EQ(ack.tag("To"), bob.tag());
    const auto bye = next.take_request("BYE");
    EXPECT_EQ(bye.uri(), bob.own_contact());
    EXPECT_EQ(bye.tag("To"), bob.tag());
    next.client_timeout(bye);
    next.expect_silence();
    next.expect_no_leak();
}

// Nearly as long as a message can be: what would be longer is not sent, and no slot is lost.
TEST_F(CloseOrphanTest, WhatGrowsTooLongIsCounted) {
    const auto long_message = [](const std::string& long_header) {
        const std::string head = "INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKx\r\n"
                                 "From: <sip:x>;tag=x\r\nTo: <sip:x>\r\nCall-ID: x\r\n"
                                 "CSeq: 1 INVITE\r\n" +
                                 long_header;
        const std::string end = "\r\nContent-Length: 0\r\n\r\n";
        const std::size_t rest = sipparse::kMessageBytesMax - head.size() - end.size();
        return SentRequest(head + std::string(rest, 'x') + end, {});
    };
    tell_request(long_message("Via: SIP/2.0/UDP y;branch="));
    const auto routed = long_message("Route: <sip:p;lr>;x=");
    tell_invite(routed, OrphanKind::Invite);
    tell_invite(routed, OrphanKind::Refused, "theirs");
    next.expect_silence();
    EXPECT_EQ(next.counter(CoreCounter::MessagesTooLong), 3U);
    EXPECT_EQ(next.effects.returned.size(), 1U);
}

// A tag is text of a peer, and came through another process.
TEST_F(CloseOrphanTest, ATagBringsNoLineEnd) {
    tell_invite(invite(), OrphanKind::Refused, "x\r\nX-Injected: 1");
    EXPECT_EQ(next.take_ack().get("X-Injected"), "");
}

// 12.2.2: requests of dialogs this core does not know.
TEST_F(CloseOrphanTest, RequestsOfLostCallsGet481) {
    for (const auto* const method :
         {"BYE", "INVITE", "UPDATE", "INFO", "PRACK", "OPTIONS", "NOTIFY", "REFER"}) {
        const std::string extra = std::string(method) == "PRACK" ? "RAck: 1 1 INVITE\r\n" : "";
        const Message request(
            std::string(method) +
            " sip:1001@10.77.0.10 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bKq;rport\r\nMax-Forwards: 70\r\n"
            "From: <sip:1000@10.77.0.10>;tag=a\r\nTo: <sip:1001@10.77.0.10>;tag=dead\r\n"
            "Contact: <sip:1000@10.77.0.100>\r\n" +
            extra + "Call-ID: lost\r\nCSeq: 3 " + method + "\r\nContent-Length: 0\r\n\r\n");
        next.receive(request, alice.endpoint());
        if (next.effects.responses.front().status() == 405) {
            next.take_response(405); // of a method no dialog here has
            continue;
        }
        EXPECT_EQ(next.take_response(481).tag("To"), "dead") << method;
    }
    next.expect_silence();
    next.expect_no_leak();
    EXPECT_GE(next.counter(CoreCounter::RefusedUnknownDialog), 6U);
}

TEST_F(CloseOrphanTest, AcksAndTimeoutsOfLostCallsAreCountedAndIgnored) {
    using transaction::TimeoutKind;
    const Message ack("ACK sip:1001@10.77.0.10 SIP/2.0\r\n"
                      "Via: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bKq;rport\r\n"
                      "From: <sip:1000@10.77.0.10>;tag=a\r\nTo: <sip:1001@10.77.0.10>;tag=dead\r\n"
                      "Call-ID: lost\r\nCSeq: 3 ACK\r\nContent-Length: 0\r\n\r\n");
    next.receive_ack(ack, kServer, alice.endpoint());
    EXPECT_EQ(next.counter(CoreCounter::AcksWithoutOwner), 1U);
    Datagram datagram{.view = ack.view(), .flow = {}};
    next.step(StrayInput{.message = datagram});
    EXPECT_EQ(next.counter(CoreCounter::StrayMessages), 1U);
    for (const auto kind : {TimeoutKind::ServerAck,
                            TimeoutKind::TwoXxAck,
                            TimeoutKind::ReliableProvisional,
                            TimeoutKind::TransportServer}) {
        next.server_timeout(kServer, kind);
    }
    for (const auto kind : {TimeoutKind::ClientFinal, TimeoutKind::TransportClient}) {
        next.step(TimeoutInput{.kind = kind, .handle = kServer.packed(), .user = 0});
    }
    EXPECT_EQ(next.counter(CoreCounter::AckTimeouts), 2U);
    EXPECT_EQ(next.counter(CoreCounter::PrackTimeouts), 1U);
    EXPECT_EQ(next.counter(CoreCounter::ClientTimeouts), 1U);
    EXPECT_EQ(next.counter(CoreCounter::TransportFailures), 2U);
    next.expect_silence();
}

} // namespace
} // namespace tandem::controlplane
