// SPDX-License-Identifier: Apache-2.0
//
// User-to-User.
#include "gtest/gtest.h"

#include "sipparse/user_to_user.hpp"

namespace tandem::sipparse {

namespace {

TEST(UserToUserTest, Parts) {
    const auto hex =
        parse_user_to_user("56a390f3d2b7310023a2;encoding=hex;purpose=isdn-uui;content=x");
    ASSERT_TRUE(hex);
    EXPECT_EQ(hex->data, "56a390f3d2b7310023a2");
    EXPECT_EQ(hex->encoding, "hex");
    EXPECT_EQ(hex->purpose, "isdn-uui");
    EXPECT_EQ(hex->content, "x");
    EXPECT_EQ(parse_user_to_user("\"a;b\" ; encoding=hex")->data, "\"a;b\"");
    for (const std::string_view element : {"", "\"a", "a b", ";x", "a;"}) {
        EXPECT_FALSE(parse_user_to_user(element)) << element;
    }
}

} // namespace

} // namespace tandem::sipparse
