// SPDX-License-Identifier: Apache-2.0
//
// Reasons.
#include "gtest/gtest.h"

#include "sipparse/reason.hpp"

namespace tandem::sipparse {

namespace {

TEST(ReasonTest, Parts) {
    const auto sip = parse_reason("SIP ;cause=200 ;text=\"Call completed elsewhere\"");
    ASSERT_TRUE(sip);
    EXPECT_TRUE(sip->is_sip());
    EXPECT_FALSE(sip->is_q850());
    EXPECT_EQ(sip->cause, 200);
    EXPECT_EQ(sip->text, "\"Call completed elsewhere\"");
    const auto q850 = parse_reason("q.850;cause=16");
    EXPECT_TRUE(q850->is_q850());
    EXPECT_EQ(q850->text, "");
    EXPECT_FALSE(parse_reason("SIP")->cause);
    for (const std::string_view element :
         {"", "SIP;cause=x", "SIP;cause=70000", "SIP;text=x", "a b"}) {
        EXPECT_FALSE(parse_reason(element)) << element;
    }
}

} // namespace

} // namespace tandem::sipparse
