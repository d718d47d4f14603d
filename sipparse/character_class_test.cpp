// SPDX-License-Identifier: Apache-2.0
//
// The classes against their definitions in RFC 3261 25.1, for every byte there is.
#include <gtest/gtest.h>
#include <random>
#include <string>

#include "sipparse/character_class.hpp"
#include "sipparse/indexed_message_test.hpp"

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
        EXPECT_EQ(is_in(CharacterClass::QuoteMark, c), is_one_of(c, "\"\\")) << byte;
    }
}

TEST(CharacterClassTest, TheEndIsTheFirstForeignByte) {
    EXPECT_EQ(end_of_class<CharacterClass::Token>("abc;d"), 3U);
    EXPECT_EQ(end_of_class<CharacterClass::Token>("a;cd;", 2), 4U);
    EXPECT_EQ(end_of_class<CharacterClass::Token>("abc"), 3U);
    EXPECT_EQ(end_of_class<CharacterClass::Token>(""), 0U);
    EXPECT_EQ(end_of_class<CharacterClass::Token>("abc", 3), 3U);
}

// Sixteen characters at once against one after the other, at every length and place, in memory of
// exactly that size.
template <CharacterClass kWhat>
void expect_same_as_one_by_one(std::mt19937& random) {
    for (std::size_t bytes = 0; bytes <= 70; ++bytes) {
        for (int round = 0; round < 200; ++round) {
            std::string characters(bytes, '\0');
            for (char& c : characters) {
                // Long runs of members, long runs of strangers, every byte.
                c = static_cast<char>(round % 4 == 0 ? random() : ',' + random() % 3 * 20);
            }
            const ExactText exact(characters);
            const std::string_view text = exact.text();
            const std::size_t from = random() % (bytes + 1);
            std::size_t end = from;
            while (end < bytes && is_in(kWhat, text[end])) {
                ++end;
            }
            std::size_t first = from;
            while (first < bytes && !is_in(kWhat, text[first])) {
                ++first;
            }
            std::size_t begin = bytes;
            while (begin > 0 && is_in(kWhat, text[begin - 1])) {
                --begin;
            }
            ASSERT_EQ(begin_of_class_at_end<kWhat>(text), begin) << text;
            ASSERT_EQ(end_of_class<kWhat>(text, from), end) << text << " from " << from;
            ASSERT_EQ(find_in_class<kWhat>(text, from), first) << text << " from " << from;
        }
    }
}

TEST(CharacterClassTest, SixteenAtOnce) {
    std::mt19937 random(7);
    expect_same_as_one_by_one<CharacterClass::Token>(random);
    expect_same_as_one_by_one<CharacterClass::ParamName>(random);
    expect_same_as_one_by_one<CharacterClass::ParamValue>(random);
    expect_same_as_one_by_one<CharacterClass::Host>(random);
    expect_same_as_one_by_one<CharacterClass::UriText>(random);
    expect_same_as_one_by_one<CharacterClass::WhiteSpace>(random);
    expect_same_as_one_by_one<CharacterClass::ListMark>(random);
}

template <CharacterClass kWhat>
void expect_every_byte() {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string text(16, static_cast<char>(byte));
        EXPECT_EQ(find_in_class<kWhat>(text) == 0, is_in(kWhat, text[0])) << byte;
    }
}

TEST(CharacterClassTest, EveryByteInEveryClassSixteenAtOnce) {
    expect_every_byte<CharacterClass::Token>();
    expect_every_byte<CharacterClass::ParamName>();
    expect_every_byte<CharacterClass::ParamValue>();
    expect_every_byte<CharacterClass::Host>();
    expect_every_byte<CharacterClass::UriText>();
    expect_every_byte<CharacterClass::WhiteSpace>();
    expect_every_byte<CharacterClass::ListMark>();
}

TEST(CharacterClassTest, KnownAtCompileTime) {
    static_assert(end_of_class<CharacterClass::Token>("INVITE-INVITE-INVITE sip:") == 20);
    static_assert(find_in_class<CharacterClass::ListMark>("aaaaaaaaaaaaaaaaaaaaaa,") == 22);
}

} // namespace
} // namespace tandem::sipparse
