// SPDX-License-Identifier: Apache-2.0
//
// History-Info and Diversion.
#include "gtest/gtest.h"

#include "sipparse/history_info.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

TEST(HistoryInfoTest, Entries) {
    const auto entry = parse_history_info("\"Bob\" <sip:bob@192.0.2.3?Reason=SIP%3Bcause%3D302>"
                                          ";index=1.1.2;rc=1.1");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->address.uri, "sip:bob@192.0.2.3?Reason=SIP%3Bcause%3D302");
    EXPECT_EQ(entry->index, "1.1.2");
    EXPECT_EQ(entry->rc, "1.1");
    EXPECT_EQ(entry->mp, "");
    EXPECT_EQ(parse_history_info("<sip:a@b>;index=1;mp=12")->mp, "12");
    EXPECT_EQ(parse_history_info("<sip:a@b>;index=1;np=1.2")->np, "1.2");
    for (const std::string_view element : {"",
                                           "<sip:a@b>",
                                           "sip:a@b;index=1",
                                           "<sip:a@b>;index",
                                           "<sip:a@b>;index=1.",
                                           "<sip:a@b>;index=.1",
                                           "<sip:a@b>;index=1..2",
                                           "<sip:a@b>;index=x",
                                           "<sip:a@b>;index=1;rc=x"}) {
        EXPECT_FALSE(parse_history_info(element)) << element;
    }
}

TEST(HistoryInfoTest, Diversions) {
    const auto diversion = parse_diversion(
        "<tel:+15550100>;reason=\"user-busy\";counter=2;limit=10;privacy=full;screen=yes");
    ASSERT_TRUE(diversion);
    EXPECT_EQ(diversion->address.uri, "tel:+15550100");
    EXPECT_EQ(diversion->reason, "user-busy");
    EXPECT_EQ(diversion->counter, 2U);
    EXPECT_EQ(diversion->limit, 10U);
    EXPECT_EQ(diversion->privacy, "full");
    EXPECT_EQ(diversion->screen, "yes");
    EXPECT_FALSE(parse_diversion("<sip:a@b>")->counter);
    for (const std::string_view element : {"", "<sip:a@b>;counter=100", "<sip:a@b>;limit=x"}) {
        EXPECT_FALSE(parse_diversion(element)) << element;
    }
}

TEST(HistoryInfoTest, EveryCutIsBorne) {
    for_each_cut("<sip:a@b>;index=1.2;rc=1", [](std::string_view cut) {
        static_cast<void>(parse_history_info(cut));
        static_cast<void>(parse_diversion(cut));
    });
}

} // namespace

} // namespace tandem::sipparse
