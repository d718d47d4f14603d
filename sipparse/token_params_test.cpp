// SPDX-License-Identifier: Apache-2.0
//
// Tokens with parameters.
#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/token_params.hpp"

namespace tandem::sipparse {

namespace {

TEST(TokenParamsTest, TokenAndParams) {
    const auto parsed = parse_token_params(" session ; handling=optional;x ");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->token, "session");
    EXPECT_EQ(parsed->params.value("Handling"), "optional");
    EXPECT_TRUE(parsed->params.has("x"));
    EXPECT_TRUE(parse_token_params("alone"));
}

TEST(TokenParamsTest, Malformed) {
    for (const std::string_view value : {"", ";x", "a b", "a/b", "a;", "a;=1", "a;x=\"1"}) {
        EXPECT_FALSE(parse_token_params(value)) << value;
    }
}

TEST(TokenParamsTest, EveryCutIsBorne) {
    for_each_cut("foo;a=\"b;\\\"c\";d=e",
                 [](std::string_view cut) { static_cast<void>(parse_token_params(cut)); });
}

} // namespace

} // namespace tandem::sipparse
