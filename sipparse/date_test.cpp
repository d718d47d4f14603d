// SPDX-License-Identifier: Apache-2.0
//
// Dates as seconds.
#include "gtest/gtest.h"

#include "sipparse/date.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

TEST(DateTest, Seconds) {
    EXPECT_EQ(parse_date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
    EXPECT_EQ(parse_date("Sat, 13 Nov 2010 23:29:00 GMT"), 1'289'690'940);
    EXPECT_EQ(parse_date(" sat, 29 feb 2020 12:00:01 gmt "), 1'582'977'601);
    EXPECT_EQ(parse_date("Wed, 31 Dec 1969 23:59:59 GMT"), -1);
}

TEST(DateTest, Malformed) {
    for (const std::string_view value : {"",
                                         "Fri, 01 Jan 2010 16:00:00 EST",
                                         "Xxx, 01 Jan 2010 16:00:00 GMT",
                                         "Fri, 01 Xxx 2010 16:00:00 GMT",
                                         "Fri, 29 Feb 2010 16:00:00 GMT",
                                         "Fri, 00 Jan 2010 16:00:00 GMT",
                                         "Fri, 01 Jan 2010 24:00:00 GMT",
                                         "Fri, 01 Jan 2010 16:60:00 GMT",
                                         "Fri, 1 Jan 2010 16:00:00 GMT",
                                         "Fri, 01 Jan 20x0 16:00:00 GMT",
                                         "Fri  01 Jan 2010 16:00:00 GMT"}) {
        EXPECT_FALSE(parse_date(value)) << value;
    }
    for_each_cut("Sat, 13 Nov 2010 23:29:0",
                 [](std::string_view cut) { EXPECT_FALSE(parse_date(cut)); });
}

} // namespace

} // namespace tandem::sipparse
