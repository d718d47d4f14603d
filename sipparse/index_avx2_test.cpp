// SPDX-License-Identifier: Apache-2.0
//
// The vector line scan against the scalar one: every length and start around the size of a block,
// structural characters at every position, and random text. On a processor without AVX2 nothing
// can be compared and the test says so.
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/line_scan.hpp"

namespace tandem::sipparse {

namespace {

void expect_same_marks(std::string_view text, std::size_t from) {
    const ExactText exact(text);
    std::vector<LineMark> scalar(kLineMarksMax);
    std::vector<LineMark> wide(kLineMarksMax);
    const char* const data = exact.text().data();
    const std::size_t count = scan_lines_scalar(data, text.size(), from, scalar.data());
    ASSERT_EQ(scan_lines_avx2(data, text.size(), from, wide.data()), count);
    for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(wide[i].newline, scalar[i].newline) << i;
        ASSERT_EQ(wide[i].colon, scalar[i].colon) << i;
        ASSERT_EQ(wide[i].bare_cr, scalar[i].bare_cr) << i;
    }
}

class IndexAvx2Test : public testing::Test {
  protected:
    void SetUp() override {
        if (!is_supported(Implementation::Avx2)) {
            GTEST_SKIP() << "this processor has no AVX2";
        }
    }
};

TEST_F(IndexAvx2Test, PairsAtEveryPosition) {
    for (std::size_t length = 1; length <= 140; ++length) {
        for (std::size_t position = 0; position < length; ++position) {
            std::string text(length, 'x');
            text[position] = '\r';
            text[(position + 1) % length] = '\n';
            text[(position * 7) % length] = ':';
            expect_same_marks(text, 0);
            expect_same_marks(text, position);
        }
    }
}

TEST_F(IndexAvx2Test, RandomText) {
    static constexpr std::string_view kAlphabet = "\r\n:\r\nab \tcd;e:fghijklmnop";
    std::mt19937 random(2);
    for (int round = 0; round < 20'000; ++round) {
        std::string text(random() % 400, 'x');
        const std::size_t choices = 2 + random() % (kAlphabet.size() - 2);
        for (char& c : text) {
            c = kAlphabet[random() % choices];
        }
        expect_same_marks(text, text.empty() ? 0 : random() % text.size());
        ASSERT_FALSE(HasFailure()) << "round " << round;
    }
}

} // namespace

} // namespace tandem::sipparse
