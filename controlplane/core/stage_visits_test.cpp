// SPDX-License-Identifier: Apache-2.0
//
// What a watcher hears of a step: the stages of the input in order, nothing of timers, and nothing
// that changes what the core does.
#include <vector>

#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

using base::Stage;

class Listener final : public base::StageWatcher {
  public:
    void visited(Stage stage) noexcept override { heard.push_back(stage); }

    std::vector<Stage> take() { return std::exchange(heard, {}); }

    std::vector<Stage> heard;
};

class StageVisitsTest : public TwoPhonesTest {
  protected:
    StageVisitsTest() { home.watcher = &listener; }

    Listener listener;
};

TEST_F(StageVisitsTest, ACallVisitsItsFilesInOrder) {
    invite();
    EXPECT_EQ(listener.take(),
              (std::vector{Stage::Core,
                           Stage::ReceiveRequest,
                           Stage::Caller,
                           Stage::StartCall,
                           Stage::Router,
                           Stage::StartAttempt,
                           Stage::WriteRequest}));
    bob.respond(180);
    home.take_response(180);
    EXPECT_EQ(listener.take(),
              (std::vector{
                  Stage::Core, Stage::ReceiveResponse, Stage::AttemptProvisional, Stage::Reply}));
    bob.respond(200, {.body = kAnswer});
    EXPECT_EQ(listener.take(),
              (std::vector{Stage::Core,
                           Stage::ReceiveResponse,
                           Stage::AttemptSuccess,
                           Stage::Reply,
                           Stage::WriteAck}));
    alice.take_dialog(home.take_response(200));
    home.take_ack();
    alice.ack();
    EXPECT_EQ(listener.take(), (std::vector{Stage::Core, Stage::ReceiveOther, Stage::CallerAck}));
    hang_up();
}

TEST_F(StageVisitsTest, TimersAreNotOfTheInput) {
    invite();
    (void)listener.take();
    home.jump(3'600);
    home.step(TimersInput{}); // nobody answered: ends the call, sends CANCEL or a refusal
    EXPECT_EQ(listener.take(), std::vector{Stage::Core});
    EXPECT_FALSE(home.effects.empty());
}

TEST(StageVisits, AWatcherChangesNothing) {
    Listener listener;
    TestSwitch watched;
    TestSwitch unwatched;
    watched.watcher = &listener;
    const Message invite("INVITE sip:1001@10.77.0.10 SIP/2.0\r\n"
                         "Via: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bK1;rport\r\n"
                         "From: <sip:1000@10.77.0.10>;tag=f\r\nTo: <sip:1001@10.77.0.10>\r\n"
                         "Call-ID: c\r\nCSeq: 1 INVITE\r\nContact: <sip:1000@10.77.0.100>\r\n"
                         "Content-Length: 0\r\n\r\n");
    for (TestSwitch* const home : {&watched, &unwatched}) {
        home->receive(invite, endpoint_of("10.77.0.100:5060"));
    }
    EXPECT_FALSE(listener.heard.empty());
    EXPECT_EQ(watched.take_request("INVITE").text(), unwatched.take_request("INVITE").text());
}

} // namespace
} // namespace tandem::controlplane
