// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/text_scan.cpp: what it finds, on which line, and what it leaves to libconfig.
#include <gtest/gtest.h>
#include <string>

#include "config/load_file.hpp"
#include "config/text_scan.hpp"

namespace tandem::config {
namespace {

std::string scanned(std::string_view text) {
    ProblemList problems("f");
    scan_text(text, problems);
    return problems_text(problems.take());
}

TEST(TextScan, an_option_given_twice_names_both_lines) {
    EXPECT_EQ(scanned("a = 1;\nb = 2;\na = 3;\n"),
              "f:3: \"a\" is given twice: here and on line 1; once is allowed\n");
    EXPECT_EQ(scanned("g: {\n x = 1;\n y = { x = 2; };\n x /* \n */ : 3; }"),
              "f:4: \"x\" is given twice: here and on line 2; once is allowed\n");
}

TEST(TextScan, all_doubles_are_found) {
    EXPECT_EQ(scanned("a = 1;\na = 2;\na = 3;\n"),
              "f:2: \"a\" is given twice: here and on line 1; once is allowed\n"
              "f:3: \"a\" is given twice: here and on line 1; once is allowed\n");
}

TEST(TextScan, equal_names_in_different_groups_and_in_text_are_fine) {
    EXPECT_EQ(scanned("l = ( { a = 1; }, { a = 2; } ); a = \"a = \\\" a = 1;\";\n"
                      "# a = 1;\n// a = 2;\n/* a = 3; */ b = true;"),
              "");
}

TEST(TextScan, numbers_that_would_wrap) {
    EXPECT_EQ(scanned("a = 2147483647; b = -2147483647; c = 0x7fffffff; d = 1.5e9; e = 3L;"), "");
    EXPECT_EQ(scanned("\na = 2147483648;"),
              "f:2: the number 2147483648 is too large; no option takes more than 2147483647\n");
    EXPECT_EQ(scanned("a = -9999999999999999999999;"),
              "f:1: the number -9999999999999999999999 is too large; no option takes more than "
              "2147483647\n");
    EXPECT_EQ(scanned("a = 0x80000000;"),
              "f:1: the number 0x80000000 is too large; no option takes more than 2147483647\n");
}

TEST(TextScan, things_without_end) {
    EXPECT_EQ(scanned("a = 1;\n/* b\n"), "f:2: the comment that starts here has no end\n");
    EXPECT_EQ(scanned("a = 1;\nb = \"x\n"), "f:2: the string that starts here has no end\n");
    EXPECT_EQ(scanned("b = \"x\\"), "f:1: the string that starts here has no end\n");
    EXPECT_EQ(scanned("b = \"x\\\""), "f:1: the string that starts here has no end\n");
}

TEST(TextScan, includes_and_zero_bytes) {
    EXPECT_EQ(scanned("\n @include \"/etc/passwd\"\n"),
              "f:2: @include is not supported: a node is configured by one file\n");
    EXPECT_EQ(scanned(std::string_view("a = 1;\n\0\0", 9)),
              "f:2: a zero byte: this is no text file\n");
    EXPECT_EQ(scanned("a = \"@include\"; # @include\n"), "");
}

TEST(TextScan, depth_is_bounded) {
    EXPECT_EQ(scanned("a = " + std::string(kNestingMax, '(')), "");
    EXPECT_EQ(scanned("a = " + std::string(100'000, '(')), "f:1: nested more than 8 levels deep\n");
}

TEST(TextScan, the_size_of_a_group_is_bounded) {
    std::string text;
    for (std::size_t i = 0; i < kGroupSettingsMax; ++i) {
        text += "a" + std::to_string(i) + " = 1;\n";
    }
    EXPECT_EQ(scanned(text), "");
    EXPECT_EQ(scanned(text + "b = 1;\n"), "f:201: more than 200 options in one group\n");
}

TEST(TextScan, closing_what_is_not_open_is_left_to_libconfig) {
    EXPECT_EQ(scanned("}}])) a = 1; = 2 : ; -"), "");
    EXPECT_EQ(scanned(""), "");
}

} // namespace
} // namespace tandem::config
