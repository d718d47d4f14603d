// SPDX-License-Identifier: Apache-2.0
//
// The classes against their definitions in RFC 3261 25.1, for every byte there is.
#include <gtest/gtest.h>
#include <string>

#include "sipparse/character_class.hpp"

namespace tandem::sipparse {
namespace {

bool is_one_of(char c, std::string_view text) {
    return text.find(c) != std::string_view::npos;
}

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

TEST(CharacterClassTest, EveryByteIsInItsClasses) {
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool token = is_alphanumeric(c) || is_one_of(c, "-.!%*_+`'~");
        const bool printable = byte > ' ' && byte <= '~';
        EXPECT_EQ(is_in(CharacterClass::Token, c), token) << byte;
        EXPECT_EQ(is_in(CharacterClass::ParamName, c), token || is_one_of(c, "[]/:&$")) << byte;
        EXPECT_EQ(is_in(CharacterClass::ParamValue, c), printable && !is_one_of(c, ";,\"<>"))
            << byte;
        EXPECT_EQ(is_in(CharacterClass::Host, c), is_alphanumeric(c) || is_one_of(c, "-._"))
            << byte;
        EXPECT_EQ(is_in(CharacterClass::UriText, c), printable && !is_one_of(c, "<>\"")) << byte;
        EXPECT_EQ(is_in(CharacterClass::WhiteSpace, c), is_one_of(c, " \t\r\n")) << byte;
        EXPECT_EQ(is_in(CharacterClass::ListMark, c), is_one_of(c, ",\"<>")) << byte;
    }
}

TEST(CharacterClassTest, TheEndIsTheFirstForeignByte) {
    EXPECT_EQ(end_of_class(CharacterClass::Token, "abc;d"), 3U);
    EXPECT_EQ(end_of_class(CharacterClass::Token, "a;cd;", 2), 4U);
    EXPECT_EQ(end_of_class(CharacterClass::Token, "abc"), 3U);
    EXPECT_EQ(end_of_class(CharacterClass::Token, ""), 0U);
    EXPECT_EQ(end_of_class(CharacterClass::Token, "abc", 3), 3U);
}

} // namespace
} // namespace tandem::sipparse
