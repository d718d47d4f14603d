// SPDX-License-Identifier: Apache-2.0
//
// Referred-By and Refer-Sub.
#include "gtest/gtest.h"

#include "sipparse/refer.hpp"

namespace tandem::sipparse {

namespace {

TEST(ReferTest, ReferredBy) {
    const auto by = parse_referred_by("<sip:r@ref.example>;cid=\"2UWQFN309shb3@ref.example\"");
    ASSERT_TRUE(by);
    EXPECT_EQ(by->address.uri, "sip:r@ref.example");
    EXPECT_EQ(by->cid, "\"2UWQFN309shb3@ref.example\"");
    EXPECT_EQ(parse_referred_by("sip:r@h")->cid, "");
    EXPECT_FALSE(parse_referred_by("<sip:r@h>;cid=x"));
    EXPECT_FALSE(parse_referred_by("nobody"));
}

TEST(ReferTest, ReferSub) {
    EXPECT_EQ(parse_refer_sub("true"), true);
    EXPECT_EQ(parse_refer_sub(" False ;x"), false);
    EXPECT_FALSE(parse_refer_sub("maybe"));
    EXPECT_FALSE(parse_refer_sub(""));
}

} // namespace

} // namespace tandem::sipparse
