// SPDX-License-Identifier: Apache-2.0
//
// Every vector version against the truth (head.hpp): what a version calls plain has the same index,
// byte for byte, and what the mix of a switch carries is plain. Structure at every place around the
// size of a block, and random text made of what matters. A version this processor lacks is named as
// skipped.
#include <cstring>
#include <random>
#include <string>

#include "gtest/gtest.h"

#include "sipparse/head.hpp"
#include "sipparse/indexed_message_test.hpp"
#include "sipparse/plain_head.hpp"

namespace tandem::sipparse {

namespace {

struct Version {
    Implementation implementation;
    ReadPlainHead read;
    const char* name;
};

void PrintTo(const Version& version, std::ostream* out) {
    *out << version.name;
}

class PlainHeadTest : public testing::TestWithParam<Version> {
  protected:
    void SetUp() override {
        if (!is_supported(GetParam().implementation)) {
            GTEST_SKIP() << "this processor has no " << GetParam().name;
        }
    }

    // Is the head plain? If so both indexes must be equal.
    bool is_plain(std::string_view text, std::size_t from = 0) {
        const ExactText exact(text);
        MessageIndex wide{};
        const PlainHead plain =
            GetParam().read(exact.text().data(), exact.text().size(), from, wide);
        if (plain.bytes == 0) {
            return false;
        }
        MessageIndex truth{};
        const Head head = read_head(exact.text(), from, truth);
        EXPECT_EQ(head.error, ParseError::None);
        EXPECT_FALSE(head.start_line_has_lonely_cr);
        EXPECT_EQ(head.bytes, plain.bytes);
        EXPECT_EQ(head.start_line_end, plain.start_line_end);
        EXPECT_EQ(truth.header_count, wide.header_count);
        EXPECT_EQ(std::memcmp(&truth, &wide, index_bytes(truth.header_count)), 0);
        return true;
    }
};

TEST_P(PlainHeadTest, AnInviteIsPlain) {
    EXPECT_TRUE(is_plain(sample_invite()));
    EXPECT_TRUE(
        is_plain(sample_invite("X-Unknown: 1\r\nSubject:\r\nSubject: \r\nSubject: \t a \t\r\n")));
    EXPECT_TRUE(is_plain("\r\n\r\n" + sample_invite(), 4));
}

TEST_P(PlainHeadTest, EndsWhereTheMessageDoes) {
    for (std::size_t bytes = 0; bytes < 140; ++bytes) {
        const std::string padding(bytes, 'x');
        EXPECT_TRUE(is_plain(sample_invite("Subject: " + padding + "\r\n", {}))) << bytes;
        EXPECT_TRUE(is_plain(sample_invite("Subject: " + padding + "\r\n", padding))) << bytes;
        EXPECT_TRUE(is_plain(sample_invite("Subject: " + padding + "\r\n", "\r\n\r\n\r" + padding)))
            << bytes;
    }
}

TEST_P(PlainHeadTest, EveryNameAtEveryPlaceOfABlock) {
    for (std::size_t row = 1; row < kHeaderIdCount; ++row) {
        const HeaderRow& header = kHeaderRows[row];
        const std::string name(header.name);
        for (std::size_t bytes = 0; bytes < 64; bytes += 7) {
            const std::string start = "OPTIONS sip:a-long-name@example.com SIP/2.0\r\nX-Pad: " +
                                      std::string(bytes + 9, 'p') + "\r\n";
            ASSERT_TRUE(is_plain(start + name + ": 1\r\n\r\n")) << name;
            ASSERT_TRUE(is_plain(start + name + ":1\r\n\r\n" + std::string(bytes, 'b'))) << name;
            if (header.compact != 0) {
                ASSERT_TRUE(is_plain(start + header.compact + ": 1234\r\n\r\n")) << name;
            }
        }
    }
}

TEST_P(PlainHeadTest, WhatIsNotPlain) {
    const auto with = [](const std::string& line) { return sample_invite(line); };
    EXPECT_FALSE(is_plain(with("Subject: a\r\n b\r\n"))) << "folded";
    EXPECT_FALSE(is_plain(with("Subject : a\r\n"))) << "white space before the colon";
    EXPECT_FALSE(is_plain(with("Subject: a\n"))) << "LF without CR";
    EXPECT_FALSE(is_plain(with("Subject: a\rb\r\n"))) << "CR without LF";
    EXPECT_FALSE(is_plain(with("Subject: a\r\r\n")));
    EXPECT_FALSE(is_plain(with("Subject\r\n"))) << "no colon";
    EXPECT_FALSE(is_plain(with(": a\r\n"))) << "no name";
    for (std::size_t bytes = 1; bytes < 40; ++bytes) {
        const std::string last = std::string(bytes, 'n') + "\r\n\r\n";
        EXPECT_FALSE(
            is_plain("ACK sip:a-name@example.com SIP/2.0\r\nSubject: twice a block\r\n" + last))
            << "no colon at the end of the message, " << bytes;
    }
    EXPECT_FALSE(is_plain(with("b\xc3\xa4: a\r\n"))) << "no token";
    EXPECT_FALSE(is_plain(with("To: <sip:x@y>\r\n"))) << "twice what may be there once";
    EXPECT_FALSE(is_plain(with(std::string(32, 'n') + ": a\r\n"))) << "a long name";
    EXPECT_FALSE(is_plain("OPTIONS sip:a@b SIP/2.0\r\n\r\n")) << "shorter than a block";
    EXPECT_FALSE(is_plain(sample_invite().substr(0, 200))) << "no empty line";
    std::string lines;
    for (std::size_t i = 0; i < kPlainLinesMax; ++i) {
        lines += "X-X: y\r\n";
    }
    EXPECT_FALSE(is_plain(with(lines))) << "too many lines";
}

// 256 CR at one place of their blocks are 0 in a count of one byte.
TEST_P(PlainHeadTest, CountsOfCarriageReturnsDoNotOverflow) {
    std::string value;
    for (std::size_t block = 0; block < 256; ++block) {
        value += std::string(63, 'x') + '\r';
    }
    EXPECT_FALSE(is_plain(sample_invite("Subject: " + value + "\r\n")));
}

TEST_P(PlainHeadTest, RandomText) {
    static constexpr std::string_view kPieces[] = {"\r\n",
                                                   "\n",
                                                   "\r",
                                                   ":",
                                                   ": ",
                                                   " ",
                                                   "\t",
                                                   "Via: a\r\n",
                                                   "v:b\r\n",
                                                   "To: c\r\n",
                                                   "x",
                                                   "Content-Length: 0\r\n",
                                                   "\r\n\r\n",
                                                   "abcdefghijklmnopqrstuvwxyzabcdefgh",
                                                   "X-Other:  y \r\n",
                                                   "a\r\n b\r\n",
                                                   "Call-ID: i\r\n",
                                                   "Subject:\r\n",
                                                   "\r\n\r"};
    std::mt19937 random(2);
    std::size_t plain = 0;
    for (int round = 0; round < 40'000; ++round) {
        std::string text = "ACK sip:a@b SIP/2.0\r\n";
        // Mostly whole lines, so that some heads are plain.
        const bool wild = random() % 2 == 0;
        for (std::size_t pieces = random() % 24; pieces > 0; --pieces) {
            const auto piece = random() % std::size(kPieces);
            text += wild || kPieces[piece].ends_with("\r\n") ? kPieces[piece] : "X-P: q\r\n";
        }
        text += "\r\n\r\n" + std::string(random() % 90, 'z');
        plain += is_plain(text) ? 1U : 0U;
        ASSERT_FALSE(HasFailure()) << "round " << round << ": " << text;
    }
    EXPECT_GT(plain, 1'000U);
}

INSTANTIATE_TEST_SUITE_P(
    Versions,
    PlainHeadTest,
    testing::Values(Version{Implementation::Avx2, &read_plain_head_avx2, "avx2"},
                    Version{Implementation::Avx512, &read_plain_head_avx512, "avx512"}),
    [](const auto& instance) { return std::string(instance.param.name); });

} // namespace

} // namespace tandem::sipparse
