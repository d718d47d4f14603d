// SPDX-License-Identifier: Apache-2.0
//
// Alert-Info, Call-Info, Error-Info.
#include "gtest/gtest.h"

#include "sipparse/info_uri.hpp"

namespace tandem::sipparse {

namespace {

TEST(InfoUriTest, UriAndPurpose) {
    const auto info = parse_info_uri(" <http://wwww.example.com/alice/photo.jpg> ;purpose=icon");
    ASSERT_TRUE(info);
    EXPECT_EQ(info->uri, "http://wwww.example.com/alice/photo.jpg");
    EXPECT_EQ(info->purpose(), "icon");
    EXPECT_EQ(parse_info_uri("<sip:not-in-service@example.com>")->purpose(), "");
}

TEST(InfoUriTest, Malformed) {
    for (const std::string_view element :
         {"", "http://h", "<http://h", "<no scheme>", "<>", "<http://h> x", "<http://h>;"}) {
        EXPECT_FALSE(parse_info_uri(element)) << element;
    }
}

} // namespace

} // namespace tandem::sipparse
