// SPDX-License-Identifier: Apache-2.0
//
// Media types and ranges.
#include "gtest/gtest.h"

#include "sipparse/media_type.hpp"

namespace tandem::sipparse {

namespace {

TEST(MediaTypeTest, Types) {
    const auto sdp = parse_media_type("application / SDP ; charset=\"utf-8\"");
    ASSERT_TRUE(sdp);
    EXPECT_TRUE(sdp->is("Application", "sdp"));
    EXPECT_FALSE(sdp->is("application", "xml"));
    EXPECT_EQ(sdp->params.value("charset"), "\"utf-8\"");
    for (const std::string_view value : {"",
                                         "application",
                                         "application/",
                                         "/sdp",
                                         "application/sdp x",
                                         "application/sdp;",
                                         "*/*",
                                         "text/*",
                                         "application/sdp;x=\""}) {
        EXPECT_FALSE(parse_media_type(value)) << value;
    }
}

TEST(MediaTypeTest, Ranges) {
    const MediaType sdp = *parse_media_type("application/sdp");
    EXPECT_TRUE(parse_media_range("*/*")->covers(sdp));
    EXPECT_TRUE(parse_media_range("application/*;q=0.1")->covers(sdp));
    EXPECT_TRUE(parse_media_range("Application/Sdp")->covers(sdp));
    EXPECT_FALSE(parse_media_range("text/*")->covers(sdp));
    EXPECT_FALSE(parse_media_range("application/xml")->covers(sdp));
    EXPECT_FALSE(parse_media_range("*/sdp"));
}

} // namespace

} // namespace tandem::sipparse
