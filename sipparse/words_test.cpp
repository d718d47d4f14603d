// SPDX-License-Identifier: Apache-2.0
//
// The tests of a word against the same test of each character.
#include <random>
#include <string>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/words.hpp"

namespace tandem::sipparse {

namespace {

TEST(WordsTest, OneCharacterAmongOthersIsSeen) {
    for (std::size_t place = 0; place < kWordBytes; ++place) {
        for (unsigned c = 0; c < 256; ++c) {
            std::string text(kWordBytes, 'a');
            text[place] = static_cast<char>(c);
            const std::uint64_t word = load_word(text.data());
            EXPECT_EQ(has_below(word, 0x21), c < 0x21) << c;
            EXPECT_EQ(position_of(word, '<'), c == '<' ? place : kWordBytes) << c;
        }
    }
}

TEST(WordsTest, RandomWords) {
    std::mt19937_64 random(4);
    for (int round = 0; round < 100'000; ++round) {
        const std::uint64_t word = random() & random();
        std::string text(kWordBytes, '\0');
        std::memcpy(text.data(), &word, kWordBytes);
        const auto any = [&text](auto test) {
            for (const char c : text) {
                if (test(static_cast<unsigned char>(c))) {
                    return true;
                }
            }
            return false;
        };
        ASSERT_EQ(has_below(word, 0x21), any([](unsigned char c) { return c < 0x21; }));
        ASSERT_EQ(position_of(word, ' '), std::min(text.find(' '), kWordBytes));
    }
}

TEST(WordsTest, NumbersInFront) {
    for (const std::uint32_t number : {0U, 7U, 10U, 99U, 314'159U, 1'234'567U, 99'999'999U}) {
        const std::string digits = std::to_string(number);
        for (const char behind : {' ', '\0', '/', ':', 'A', '\xb1', '\xff'}) {
            const std::string text = digits + std::string(kWordBytes, behind);
            const std::uint64_t word = load_word(text.data());
            EXPECT_EQ(digits_in_front(word), digits.size()) << text;
            EXPECT_EQ(number_in_front(word, digits.size()), number);
        }
    }
    EXPECT_EQ(digits_in_front(load_word("x1234567")), 0U);
    EXPECT_EQ(number_in_front(load_word("00000042"), 8), 42U);
}

TEST(WordsTest, HexDigits) {
    EXPECT_EQ(hex_number(load_word("00000000")), 0U);
    EXPECT_EQ(hex_number(load_word("deadBEEF")), 0xdeadbeefU);
    EXPECT_EQ(hex_number(load_word("12345678")), 0x12345678U);
    EXPECT_EQ(hex_number(load_word("9abcdef0")), 0x9abcdef0U);
    for (std::size_t place = 0; place < kWordBytes; ++place) {
        for (unsigned c = 0; c < 256; ++c) {
            std::string text = "0a9F5c6d";
            text[place] = static_cast<char>(c);
            const bool is_digit =
                (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            EXPECT_EQ(are_hex_digits(load_word(text.data())), is_digit) << c << " at " << place;
            if (is_digit) {
                EXPECT_EQ(hex_number(load_word(text.data())), std::stoul(text, nullptr, 16));
            }
        }
    }
}

TEST(WordsTest, TextsOfEveryLengthAreLoaded) {
    const std::string characters = "abcdefgh";
    for (std::size_t bytes = 0; bytes <= characters.size(); ++bytes) {
        const ExactText exact(std::string_view(characters).substr(0, bytes));
        EXPECT_EQ(load_text(exact.text()), word_of(exact.text())) << bytes;
    }
}

TEST(WordsTest, LettersInEitherCase) {
    EXPECT_TRUE(is_letters("branch", "branch"));
    EXPECT_TRUE(is_letters("bRaNcH", "branch"));
    EXPECT_TRUE(is_letters("RECEIVED", "received"));
    EXPECT_TRUE(is_letters("lrlr", "lrlr"));
    EXPECT_FALSE(is_letters("branc", "branch"));
    EXPECT_FALSE(is_letters("branchx", "branch"));
    for (std::size_t at = 0; at < 5; ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string text = "rport";
            const char letter = text[at];
            text[at] = static_cast<char>(byte);
            EXPECT_EQ(is_letters(text, "rport"), byte == letter || byte == letter - 32) << byte;
        }
    }
}

TEST(WordsTest, WordOfAText) {
    EXPECT_EQ(word_of(""), 0U);
    EXPECT_EQ(word_of("abc"), load_word("abc\0\0\0\0\0"));
    EXPECT_EQ(word_of("abcdefgh"), load_word("abcdefgh"));
    EXPECT_EQ(word_of("abcdefghi"), load_word("abcdefgh"));
}

TEST(WordsTest, FirstOfAWord) {
    const std::uint64_t word = load_word("abcdefgh");
    EXPECT_EQ(first_of_word(word, 0), 0U);
    EXPECT_EQ(first_of_word(word, 3), load_word("abc\0\0\0\0\0"));
    EXPECT_EQ(first_of_word(word, 8), word);
    EXPECT_EQ(first_of_word(word, 30), word);
}

} // namespace

} // namespace tandem::sipparse
