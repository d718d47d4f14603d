// SPDX-License-Identifier: Apache-2.0
//
// name-addr and addr-spec: whose the parameters are, display names, refusals.
#include <random>
#include <string>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/name_addr.hpp"

namespace tandem::sipparse {

namespace {

TEST(NameAddrTest, QuotedDisplayName) {
    const auto parsed = parse_name_addr(
        R"("J Rosenberg \\\"" <sip:jdrosen@example.com;transport=udp> ; tag = 98asjd8)");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->display, R"("J Rosenberg \\\"")");
    EXPECT_EQ(parsed->uri, "sip:jdrosen@example.com;transport=udp");
    EXPECT_TRUE(parsed->in_brackets);
    EXPECT_EQ(parsed->tag(), "98asjd8");
    EXPECT_FALSE(parsed->param("transport")) << "that one is the URI's";
}

TEST(NameAddrTest, TokensAsDisplayName) {
    const auto parsed = parse_name_addr("token1~` token2'+_ <sip:a@b>;x=\"y;z\"");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->display, "token1~` token2'+_");
    EXPECT_EQ(parsed->param("x"), "\"y;z\"");
    EXPECT_FALSE(parsed->tag());
    const auto tight = parse_name_addr("caller<sip:caller@example.com>;tag=323");
    ASSERT_TRUE(tight);
    EXPECT_EQ(tight->display, "caller");
}

TEST(NameAddrTest, WithoutBracketsParametersAreTheHeaders) {
    const auto parsed = parse_name_addr("sip:+16505552222@ss1.example.net;user=phone");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->uri, "sip:+16505552222@ss1.example.net");
    EXPECT_EQ(parsed->param("user"), "phone");
    EXPECT_FALSE(parsed->in_brackets);
    const auto spaced = parse_name_addr("\r\n sip:vivekg@example.com ;   tag    = 1918181833n");
    ASSERT_TRUE(spaced);
    EXPECT_EQ(spaced->tag(), "1918181833n");
    EXPECT_EQ(spaced->uri, "sip:vivekg@example.com");
}

TEST(NameAddrTest, OtherSchemesAreAccepted) {
    EXPECT_TRUE(parse_name_addr("isbn:2983792873"));
    EXPECT_TRUE(parse_name_addr("<http://www.example.com>;tag=3234233"));
    EXPECT_TRUE(parse_name_addr("<tel:+4930>"));
}

TEST(NameAddrTest, AnEmptyTagIsNone) {
    EXPECT_FALSE(parse_name_addr("<sip:a@b>;tag")->tag());
    EXPECT_FALSE(parse_name_addr("<sip:a@b>;tag;tag=2")->tag()) << "the first one counts";
}

TEST(NameAddrTest, TheFirstTagCounts) {
    EXPECT_EQ(parse_name_addr("<sip:a@b>;x=y;TAG=1;tag=2")->tag(), "1");
}

TEST(NameAddrTest, TheTagAlone) {
    EXPECT_EQ(find_tag("<sip:a@h>;tag=1"), "1");
    EXPECT_EQ(find_tag("<sip:a@h>;TAG=1"), "1");
    EXPECT_EQ(find_tag("<sip:a@h>"), "");
    EXPECT_EQ(find_tag("<sip:a@h;tag=no>;x=y;tag=0123456789012345678901234567890123456789"),
              "0123456789012345678901234567890123456789");
    EXPECT_EQ(find_tag("\"<sip:b@h>;tag=no\" <sip:a@h>;tag=1 ;x"), "1");
    EXPECT_EQ(find_tag("sip:a@h;tag=1"), "1");
    EXPECT_EQ(find_tag(""), "");
}

TEST(NameAddrTest, TheTagAloneIsTheTag) {
    static constexpr std::string_view kPieces[] = {"<sip:a@h>",
                                                   "\"n\"",
                                                   "\"<>;tag=q\"",
                                                   "Bob ",
                                                   "<sip:a;tag=u@h>",
                                                   "sip:a@h",
                                                   ";tag=",
                                                   "1",
                                                   ";",
                                                   "x=\">;tag=y\"",
                                                   ">;tag=",
                                                   "tag",
                                                   "=",
                                                   "<",
                                                   ";tag=t",
                                                   " ",
                                                   ";x=y",
                                                   "z9"};
    std::mt19937 random(5);
    int taken = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string text = random() % 4 != 0 ? "<sip:a@h>" : "";
        for (std::size_t pieces = random() % 6; pieces > 0; --pieces) {
            text += kPieces[random() % std::size(kPieces)];
        }
        const ExactText exact(text);
        const std::string_view tag = find_tag(exact.text());
        const auto address = parse_name_addr(exact.text());
        if (address) {
            ++taken;
            ASSERT_EQ(tag, address->tag().value_or("")) << text;
        }
    }
    EXPECT_GT(taken, 10'000);
}

TEST(NameAddrTest, GarbageIsRefused) {
    for (const char* text : {"",
                             " ",
                             "sip:a>b",
                             "*",
                             "<",
                             "<>",
                             "<sip:a@b",
                             "\"a\"",
                             "\"a <sip:a@b>",
                             "\"a\" sip:a@b",
                             "Bell, Alexander <sip:a@b>",
                             "A@B <sip:a@b>",
                             "< sip:a@b >",
                             "<sip:a@b >",
                             "<a@b>",
                             "a@b",
                             "<sip:a@b>x",
                             "<sip:a@b>;",
                             "<sip:a@b>;;;;",
                             "<sip:a@b>;tag=",
                             "sip:a@b?Route=x",
                             "sip:a@b,sip:c@d",
                             "sip:a b",
                             "<sip:a@b>;tag=x y",
                             "<sip:a\"@b>",
                             "<sip:<a@b>"}) {
        EXPECT_FALSE(parse_name_addr(text)) << text;
    }
}

TEST(NameAddrTest, Star) {
    EXPECT_TRUE(is_contact_star(" * "));
    EXPECT_FALSE(is_contact_star("**"));
    EXPECT_FALSE(is_contact_star(""));
}

TEST(NameAddrTest, EveryCutIsBorne) {
    for_each_cut(R"("A \" B" <sip:a@b;c?d=e>;tag="x";y=z)", [](std::string_view cut) {
        const auto parsed = parse_name_addr(cut);
        EXPECT_TRUE(!parsed || !parsed->uri.empty());
    });
    for_each_cut("Anna <sips:a@[::1]:5061>;tag=1",
                 [](std::string_view cut) { (void)parse_name_addr(cut); });
}

} // namespace

} // namespace tandem::sipparse
