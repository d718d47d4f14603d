// SPDX-License-Identifier: Apache-2.0
//
// Comments nest, quotes hide parentheses.
#include <string>

#include "gtest/gtest.h"

#include "sipparse/comment.hpp"

namespace tandem::sipparse {

namespace {

TEST(CommentTest, Bytes) {
    EXPECT_EQ(comment_bytes("(a) b"), 3U);
    EXPECT_EQ(comment_bytes("(a (b) c)d"), 9U);
    EXPECT_EQ(comment_bytes("(a \\) b)"), 8U);
    EXPECT_EQ(comment_bytes("()"), 2U);
    for (const std::string_view text : {"", "a", "(", "(a", "((a)", ")", "(\\", "(a\\)"}) {
        EXPECT_EQ(comment_bytes(text), 0U) << text;
    }
    EXPECT_EQ(comment_bytes(std::string(60'000, '(') + std::string(60'000, ')')), 120'000U);
}

} // namespace

} // namespace tandem::sipparse
