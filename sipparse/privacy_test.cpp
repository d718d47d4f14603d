// SPDX-License-Identifier: Apache-2.0
//
// Privacy values.
#include "gtest/gtest.h"

#include "sipparse/privacy.hpp"

namespace tandem::sipparse {

namespace {

TEST(PrivacyTest, Values) {
    EXPECT_EQ(parse_privacy("id"), PrivacySet().add(PrivacyValue::Id));
    EXPECT_EQ(
        parse_privacy("Header; user ;critical"),
        PrivacySet().add(PrivacyValue::Header).add(PrivacyValue::User).add(PrivacyValue::Critical));
    EXPECT_EQ(
        parse_privacy("session,history,none"),
        PrivacySet().add(PrivacyValue::Session).add(PrivacyValue::History).add(PrivacyValue::None));
    EXPECT_TRUE(parse_privacy("other")->has(PrivacyValue::Unknown));
    for (const std::string_view value : {"", ";", "id;", ";id", "a b", "id;;user"}) {
        EXPECT_FALSE(parse_privacy(value)) << value;
    }
}

} // namespace

} // namespace tandem::sipparse
