// SPDX-License-Identifier: Apache-2.0
//
// Where responses go, and what their top Via says about it.
#include <gtest/gtest.h>

#include "transaction/reply_flow.hpp"

namespace tandem::transaction {
namespace {

const Flow kFlow{.remote = *base::parse_endpoint("192.0.2.7:40001", 0),
                 .local = *base::parse_endpoint("10.77.0.10:5060", 0),
                 .port = 3,
                 .worker = 1};

sipparse::Via via(std::string_view text) {
    return *sipparse::parse_via(text);
}

TEST(ReplyFlow, GoesToTheSourcePortWithRport) {
    const Flow reply = reply_flow(via("SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bKx;rport"), kFlow);
    EXPECT_EQ(reply.remote, kFlow.remote);
    EXPECT_EQ(reply.local, kFlow.local);
    EXPECT_EQ(reply.port, kFlow.port);
    EXPECT_EQ(reply.worker, kFlow.worker);
}

TEST(ReplyFlow, GoesToThePortOfSentByWithoutRport) {
    const Flow reply = reply_flow(via("SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bKx"), kFlow);
    EXPECT_EQ(reply.remote, *base::parse_endpoint("192.0.2.7:5070", 0));
}

TEST(ReplyFlow, GoesTo5060WhenSentByHasNoPort) {
    const Flow reply = reply_flow(via("SIP/2.0/UDP phone.example"), kFlow);
    EXPECT_EQ(reply.remote, *base::parse_endpoint("192.0.2.7:5060", 0));
}

TEST(ReplyFlow, DoesNotObeyMaddr) {
    const Flow reply = reply_flow(via("SIP/2.0/UDP 10.0.0.1;maddr=198.51.100.1;ttl=1"), kFlow);
    EXPECT_EQ(reply.remote, *base::parse_endpoint("192.0.2.7:5060", 0));
}

TEST(ViaMarks, SayTheSourceWhenItDiffersFromSentBy) {
    const ViaMarks marks = via_marks(via("SIP/2.0/UDP 10.0.0.1:5070"), kFlow.remote);
    EXPECT_EQ(marks.received(), "192.0.2.7");
    EXPECT_EQ(marks.rport, 0);
}

TEST(ViaMarks, SayNothingWhenSentByIsTheSource) {
    const ViaMarks marks = via_marks(via("SIP/2.0/UDP 192.0.2.7:5070"), kFlow.remote);
    EXPECT_EQ(marks.received(), "");
    EXPECT_EQ(marks.rport, 0);
}

TEST(ViaMarks, SayBothWhenRportIsAsked) {
    const ViaMarks marks = via_marks(via("SIP/2.0/UDP 192.0.2.7:5070;rport"), kFlow.remote);
    EXPECT_EQ(marks.received(), "192.0.2.7");
    EXPECT_EQ(marks.rport, 40001);
}

} // namespace
} // namespace tandem::transaction
