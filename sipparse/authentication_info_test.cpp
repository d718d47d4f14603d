// SPDX-License-Identifier: Apache-2.0
//
// Authentication-Info.
#include "gtest/gtest.h"

#include "sipparse/authentication_info.hpp"

namespace tandem::sipparse {

namespace {

TEST(AuthenticationInfoTest, Parts) {
    const auto info = parse_authentication_info("nextnonce=\"47364c23432d2e131a5fb210812c\",qop="
                                                "auth, nc=00000001,cnonce=\"a,b\",rspauth=\"c\"");
    ASSERT_TRUE(info);
    EXPECT_EQ(info->next_nonce, "\"47364c23432d2e131a5fb210812c\"");
    EXPECT_EQ(info->qop, "auth");
    EXPECT_EQ(info->nc_text, "00000001");
    EXPECT_EQ(info->cnonce, "\"a,b\"");
    EXPECT_EQ(info->response, "\"c\"");
    for (const std::string_view value :
         {"", "nextnonce", "nextnonce=", "x=y", "qop=a,qop=a", "qop=\"a"}) {
        EXPECT_FALSE(parse_authentication_info(value)) << value;
    }
}

} // namespace

} // namespace tandem::sipparse
