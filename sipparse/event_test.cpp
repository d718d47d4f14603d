// SPDX-License-Identifier: Apache-2.0
//
// Event and Subscription-State.
#include "gtest/gtest.h"

#include "sipparse/event.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

TEST(EventTest, PackagesTemplatesIds) {
    const auto event = parse_event("presence.winfo ;id=7;x=y");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->type, "presence.winfo");
    EXPECT_EQ(event->package, "presence");
    EXPECT_EQ(event->template_name, "winfo");
    EXPECT_EQ(event->id, "7");
    EXPECT_EQ(event->params.value("x"), "y");
    EXPECT_EQ(parse_event("message-summary")->package, "message-summary");
    EXPECT_EQ(parse_event("dialog")->id, "");
    for (const std::string_view value :
         {"", ".a", "a.", "a..b", "a b", "a;id", "a;id=\"x\"", "a;"}) {
        EXPECT_FALSE(parse_event(value)) << value;
    }
}

TEST(EventTest, EqualByTypeAndId) {
    const auto equal = [](std::string_view left, std::string_view right) {
        return event_equals(*parse_event(left), *parse_event(right));
    };
    EXPECT_TRUE(equal("refer;id=1;x", "refer;y;id=1"));
    EXPECT_FALSE(equal("refer;id=1", "refer"));
    EXPECT_FALSE(equal("refer", "Refer"));
    EXPECT_FALSE(equal("presence", "presence.winfo"));
}

TEST(EventTest, SubscriptionStates) {
    const auto ended = parse_subscription_state("Terminated;reason=timeout;retry-after=5");
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->state, SubscriptionStateValue::Terminated);
    EXPECT_EQ(ended->reason, "timeout");
    EXPECT_EQ(ended->retry_after_s, 5U);
    EXPECT_FALSE(ended->expires_s);
    EXPECT_EQ(parse_subscription_state("active;expires=60")->expires_s, 60U);
    EXPECT_EQ(parse_subscription_state("pending")->state, SubscriptionStateValue::Pending);
    EXPECT_EQ(parse_subscription_state("waiting")->state, SubscriptionStateValue::Other);
    for (const std::string_view value : {"", "active;expires=x", "active;retry-after", "a b"}) {
        EXPECT_FALSE(parse_subscription_state(value)) << value;
    }
}

TEST(EventTest, EveryCutIsBorne) {
    for_each_cut("presence.winfo.winfo;id=a;b=\"c\"",
                 [](std::string_view cut) { static_cast<void>(parse_event(cut)); });
}

} // namespace

} // namespace tandem::sipparse
