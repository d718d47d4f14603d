// SPDX-License-Identifier: Apache-2.0
//
// The basic rules: numbers at their limits, quoted strings, host and port.
#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

TEST(LexicalTest, NumbersStopAtTheirLimit) {
    EXPECT_EQ(parse_number("0", 255), 0U);
    EXPECT_EQ(parse_number("0068", 255), 68U);
    EXPECT_EQ(parse_number("255", 255), 255U);
    EXPECT_FALSE(parse_number("256", 255));
    EXPECT_EQ(parse_number("18446744073709551615", ~0ULL), ~0ULL);
    EXPECT_FALSE(parse_number("18446744073709551616", ~0ULL));
    EXPECT_FALSE(parse_number("36893488147419103232", 0x7fff'ffff));
    EXPECT_FALSE(parse_number("", 9));
    EXPECT_FALSE(parse_number("-1", 9));
    EXPECT_FALSE(parse_number("1a", 99));
    EXPECT_EQ(parse_number("7", 7), 7U);
    EXPECT_FALSE(parse_number("8", 7));
}

TEST(LexicalTest, TokensEndAtSeparators) {
    EXPECT_TRUE(is_token("!interesting-Method0123456789_*+`.%indeed'~"));
    EXPECT_FALSE(is_token(""));
    EXPECT_FALSE(is_token("a b"));
    EXPECT_FALSE(is_token("\xc3\xa4"));
    EXPECT_EQ(token_bytes("abc;def"), 3U);
    EXPECT_EQ(token_bytes("@"), 0U);
}

TEST(LexicalTest, CaseIsIgnoredForLettersOnly) {
    EXPECT_TRUE(equals_ignoring_case("Call-ID", "cALL-id"));
    EXPECT_FALSE(equals_ignoring_case("a@", "a`"));
    EXPECT_FALSE(equals_ignoring_case("a", "ab"));
}

TEST(LexicalTest, FoldsAreWhiteSpace) {
    EXPECT_EQ(trim(" \t\r\n a b \r\n "), "a b");
    EXPECT_EQ(trim(" \r\n "), "");
    EXPECT_EQ(trim_left("  a "), "a ");
}

TEST(LexicalTest, QuotedStringsEndAtTheirOwnQuote) {
    EXPECT_EQ(quoted_string_bytes(R"("a\"b" c)"), 6U);
    EXPECT_EQ(quoted_string_bytes(R"("a\\" c)"), 5U);
    EXPECT_EQ(quoted_string_bytes(R"("a\")"), 0U);
    EXPECT_EQ(quoted_string_bytes(R"("a)"), 0U);
    EXPECT_EQ(quoted_string_bytes("a"), 0U);
    EXPECT_EQ(without_quotes(R"("a b")"), "a b");
    EXPECT_EQ(without_quotes("ab"), "ab");
    EXPECT_EQ(without_quotes("\""), "\"");
}

TEST(LexicalTest, QuotedPairsStandForTheirCharacter) {
    EXPECT_TRUE(quoted_equals(R"("a\"b\\c")", R"(a"b\c)"));
    EXPECT_TRUE(quoted_equals("plain", "plain"));
    EXPECT_FALSE(quoted_equals(R"("abc")", "ab"));
    EXPECT_FALSE(quoted_equals(R"("ab")", "abc"));
    EXPECT_FALSE(quoted_equals(R"("aB")", "ab"));
}

TEST(LexicalTest, HexDigits) {
    EXPECT_EQ(hex_digit('0'), 0);
    EXPECT_EQ(hex_digit('a'), 10);
    EXPECT_EQ(hex_digit('F'), 15);
    EXPECT_EQ(hex_digit('g'), -1);
    EXPECT_EQ(hex_digit('\0'), -1);
}

TEST(LexicalTest, HostAndPort) {
    const auto plain = parse_host_port("10.77.0.1:5060", false);
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->host, "10.77.0.1");
    EXPECT_EQ(plain->port, 5060);
    const auto reference = parse_host_port("[2001:db8::1]:5070", false);
    ASSERT_TRUE(reference);
    EXPECT_EQ(reference->host, "[2001:db8::1]");
    EXPECT_EQ(reference->port, 5070);
    const auto spaced = parse_host_port("a.example  : 5060", true);
    ASSERT_TRUE(spaced);
    EXPECT_EQ(spaced->port, 5060);
    EXPECT_EQ(parse_host_port("host", false)->port, 0);
}

TEST(LexicalTest, BadHostsAndPortsAreRefused) {
    for (const char* text : {"",
                             ":5060",
                             "a:",
                             "a:0",
                             "a:65536",
                             "a:x",
                             "a b",
                             "[2001:db8::1",
                             "[]",
                             "[::1]x",
                             "[zz]",
                             "a : 5060",
                             "2001:db8::10",
                             "a@b"}) {
        EXPECT_FALSE(parse_host_port(text, false)) << text;
    }
}

TEST(LexicalTest, EveryCutIsBorne) {
    for_each_cut("[2001:db8::1] : 5060", [](std::string_view cut) {
        (void)parse_host_port(cut, true);
        (void)trim(cut);
    });
    for_each_cut(R"("a\"b")", [](std::string_view cut) {
        (void)quoted_string_bytes(cut);
        EXPECT_EQ(quoted_equals(cut, R"(a"b)"), cut.size() == 6);
    });
}

} // namespace

} // namespace tandem::sipparse
