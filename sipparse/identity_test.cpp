// SPDX-License-Identifier: Apache-2.0
//
// Identity and Session-ID.
#include <string>

#include "gtest/gtest.h"

#include "sipparse/identity.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

TEST(IdentityTest, Parts) {
    const auto identity =
        parse_identity("sv5CTo05KqpSmtHt3dcEiO_1CWTSZtnG3iV-1nmurLXV==.a.b; info = "
                       "<https://biloxi.example.org/biloxi.cer>;alg=ES256;ppt=\"shaken\"");
    ASSERT_TRUE(identity);
    EXPECT_EQ(identity->digest, "sv5CTo05KqpSmtHt3dcEiO_1CWTSZtnG3iV-1nmurLXV==.a.b");
    EXPECT_EQ(identity->info, "https://biloxi.example.org/biloxi.cer");
    EXPECT_EQ(identity->algorithm, "ES256");
    EXPECT_EQ(identity->type, "shaken");
    EXPECT_EQ(parse_identity("..;info=<http://h>")->algorithm, "");
    for (const std::string_view value : {"",
                                         "a",
                                         "a;info=x",
                                         "a;info=<x",
                                         "a;alg=ES256",
                                         "a;info=<no scheme>",
                                         "a;info<http://h>",
                                         "a;info=<http://h>x",
                                         "a;info=<http://h>;",
                                         ";info=<http://h>"}) {
        EXPECT_FALSE(parse_identity(value)) << value;
    }
    for_each_cut("a.b.c;info=<https://h/c>;alg=ES256;ppt=shaken",
                 [](std::string_view cut) { static_cast<void>(parse_identity(cut)); });
}

TEST(IdentityTest, SessionIds) {
    const std::string local = "ab30317f1a784dc48ff824d0d3715d86";
    const std::string remote = "47755a9de7794ba387653f2099600ef2";
    const std::string value = local + ";remote=" + remote;
    EXPECT_EQ(parse_session_id(value)->local, local);
    EXPECT_EQ(parse_session_id(value)->remote, remote);
    EXPECT_EQ(parse_session_id(local)->remote, "");
    EXPECT_FALSE(parse_session_id(local.substr(1)));
    EXPECT_FALSE(parse_session_id("A" + local.substr(1)));
    EXPECT_FALSE(parse_session_id(local + ";remote=x"));
}

} // namespace

} // namespace tandem::sipparse
