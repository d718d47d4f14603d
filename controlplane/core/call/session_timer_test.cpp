// SPDX-License-Identifier: Apache-2.0
//
// Session timers (RFC 4028): relayed, kept, refused, refreshed, expired.
#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

class SessionTimerTest : public TwoPhonesTest {
  protected:
    static Extra with(const std::string& headers) { return {.headers = headers, .body = kOffer}; }

    void answer(const std::string& headers) {
        bob.respond(200, {.headers = headers, .body = kAnswer});
        ok = std::make_unique<SentResponse>(home.take_response(200));
        alice.take_dialog(*ok);
        home.take_ack();
        alice.ack();
    }

    void expect_expiry() {
        auto first = home.take_request("BYE");
        EXPECT_EQ(first.get("Reason"), "SIP;cause=408;text=\"Session expired\"");
        alice.respond_to(first, 200);
        bob.respond_to(home.take_request("BYE"), 200);
        home.expect_silence();
        home.expect_no_leak();
        EXPECT_EQ(home.counter(CoreCounter::SessionsExpired), 1U);
    }

    std::unique_ptr<SentResponse> ok;
};

TEST_F(SessionTimerTest, TheIntervalPassesEndToEnd) {
    const auto request =
        invite(with("Supported: timer\r\nSession-Expires: 120;refresher=uac\r\nMin-SE: 100\r\n"));
    EXPECT_EQ(request.get("Session-Expires"), "120;refresher=uac");
    EXPECT_EQ(request.get("Min-SE"), "100");
    EXPECT_EQ(request.get("Supported"), "timer");
    answer("Require: timer\r\nSession-Expires: 120;refresher=uac\r\n");
    EXPECT_EQ(ok->get("Session-Expires"), "120;refresher=uac");
    EXPECT_EQ(ok->get("Require"), "timer");
    home.pass(87); // 120 - 32
    home.expect_silence();
    home.pass(2);
    expect_expiry();
}

TEST_F(SessionTimerTest, ARefreshKeepsTheCall) {
    invite(with("Supported: timer\r\nSession-Expires: 90\r\n"));
    answer("Require: timer\r\nSession-Expires: 90;refresher=uac\r\n");
    for (int i = 0; i < 3; ++i) {
        home.pass(45);
        alice.send("UPDATE",
                   {.headers = "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n"});
        const auto update = home.take_request("UPDATE");
        EXPECT_EQ(update.get("Session-Expires"), "90;refresher=uac");
        bob.respond_to(update, 200, {.headers = "Session-Expires: 90;refresher=uac\r\n"});
        EXPECT_EQ(home.take_response(200).get("Session-Expires"), "90;refresher=uac");
    }
    home.pass(59); // a third of 90 before the end
    home.expect_silence();
    home.pass(2);
    expect_expiry();
}

TEST_F(SessionTimerTest, ACalleeWithoutTimersLeavesItToTheCaller) {
    invite(with("Supported: timer\r\nSession-Expires: 300\r\n"));
    answer("");
    EXPECT_EQ(ok->get("Session-Expires"), "300;refresher=uac");
    EXPECT_EQ(ok->get("Require"), "timer");
    hang_up();
}

TEST_F(SessionTimerTest, ACallerThatCanIsAskedTo) {
    EXPECT_EQ(invite(with("Supported: timer\r\n")).get("Session-Expires"), "1800");
    answer("");
    EXPECT_EQ(ok->get("Session-Expires"), "1800;refresher=uac");
    hang_up();
}

TEST_F(SessionTimerTest, NobodyWithTimersMeansNone) {
    EXPECT_EQ(invite().get("Session-Expires"), "");
    answer("");
    EXPECT_EQ(ok->get("Session-Expires"), "");
    home.pass(100'000);
    home.expect_silence();
    hang_up();
}

TEST_F(SessionTimerTest, ACalleeMayRefreshForACallerThatCannot) {
    invite(with("Session-Expires: 200\r\n"));
    answer("Session-Expires: 200;refresher=uas\r\n");
    EXPECT_EQ(ok->get("Session-Expires"), "200;refresher=uas");
    EXPECT_EQ(ok->get("Require"), "");
    bob.send(
        "INVITE",
        {.headers = "Supported: timer\r\nSession-Expires: 200;refresher=uac\r\n", .body = kOffer});
    alice.respond_to(home.take_request("INVITE"), 200, {.body = kAnswer});
    EXPECT_EQ(home.take_response(200).get("Session-Expires"), "200;refresher=uac");
    home.take_ack();
    bob.ack();
    hang_up();
}

TEST_F(SessionTimerTest, TooSmallIs422WithMinSe) {
    alice.call("1001", with("Supported: timer\r\nSession-Expires: 60\r\n"));
    EXPECT_EQ(home.take_response(422).get("Min-SE"), "90");
    home.expect_no_leak();
}

TEST_F(SessionTimerTest, TooSmallIsRaisedForWhoDoesNotKnow422) {
    const auto request = invite(with("Session-Expires: 60\r\n"));
    EXPECT_EQ(request.get("Session-Expires"), "90");
    EXPECT_EQ(request.get("Min-SE"), "90");
}

TEST_F(SessionTimerTest, TheCallees422Passes) {
    invite(with("Supported: timer\r\nSession-Expires: 100\r\n"));
    bob.respond(422, {.headers = "Min-SE: 600\r\n"});
    EXPECT_EQ(home.take_response(422).get("Min-SE"), "600");
    home.take_ack();
    home.expect_no_leak();
}

TEST_F(SessionTimerTest, MalformedIsRefused) {
    alice.call("1001", with("Session-Expires: soon\r\n"));
    home.take_response(400);
    home.expect_no_leak();
}

} // namespace
} // namespace tandem::controlplane
