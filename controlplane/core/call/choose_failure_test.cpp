// SPDX-License-Identifier: Apache-2.0
//
// The order of refusals (RFC 3261 section 16.7) and what the caller gets for them.
#include "gtest/gtest.h"

#include "controlplane/core/call/choose_failure.hpp"

namespace tandem::controlplane {
namespace {

TEST(ChooseFailureTest, TheBetterOneIsKept) {
    EXPECT_TRUE(is_better_failure(500, 0));
    EXPECT_TRUE(is_better_failure(603, 302));
    EXPECT_TRUE(is_better_failure(302, 486));
    EXPECT_TRUE(is_better_failure(486, 500));
    EXPECT_TRUE(is_better_failure(488, 486));
    EXPECT_TRUE(is_better_failure(486, 408));
    EXPECT_FALSE(is_better_failure(480, 486)); // the first of equals stays
    EXPECT_FALSE(is_better_failure(487, 486));
    EXPECT_FALSE(is_better_failure(503, 404));
}

TEST(ChooseFailureTest, WhatTheCallerGets) {
    EXPECT_EQ(shown_failure(401).status_code, 403);
    EXPECT_EQ(shown_failure(407).status_code, 403);
    EXPECT_EQ(shown_failure(503).status_code, 500);
    EXPECT_EQ(shown_failure(486).status_code, 486);
    EXPECT_EQ(own_failure(408).status_code, 408);
    EXPECT_EQ(own_failure(480).status_code, 480);
    EXPECT_EQ(own_failure(503).status_code, 503);
}

} // namespace
} // namespace tandem::controlplane
