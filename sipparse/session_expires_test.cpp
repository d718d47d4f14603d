// SPDX-License-Identifier: Apache-2.0
//
// Session-Expires: interval and refresher.
#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/session_expires.hpp"

namespace tandem::sipparse {

namespace {

TEST(SessionExpiresTest, IntervalAndRefresher) {
    const auto uac = parse_session_expires("1800;refresher=uac");
    ASSERT_TRUE(uac);
    EXPECT_EQ(uac->interval_s, 1800U);
    EXPECT_EQ(uac->refresher, Refresher::Uac);
    EXPECT_EQ(parse_session_expires("90 ; x ; Refresher = UAS")->refresher, Refresher::Uas);
    EXPECT_EQ(parse_session_expires("90")->refresher, Refresher::None);
    EXPECT_EQ(parse_session_expires("90;x=y")->refresher, Refresher::None);
}

TEST(SessionExpiresTest, GarbageIsRefused) {
    for (const char* text :
         {"", ";refresher=uac", "x", "-1", "90;", "90;refresher=me", "90 uac", "90;refresher"}) {
        EXPECT_FALSE(parse_session_expires(text)) << text;
    }
}

TEST(SessionExpiresTest, EveryCutIsBorne) {
    for_each_cut("1800;refresher=uac", [](std::string_view cut) {
        EXPECT_EQ(parse_session_expires(cut).has_value() && cut.size() > 13, cut.size() == 18);
    });
}

} // namespace

} // namespace tandem::sipparse
