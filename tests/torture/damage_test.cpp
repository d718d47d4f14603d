// SPDX-License-Identifier: Apache-2.0
//
// Damaged torture cases: cut at every byte, and mutated at random from a fixed seed. Every piece
// lies in memory of exactly its size, so AddressSanitizer sees a read behind it. Scalar and vector
// line scan must give the same error and the same bytes of index; the index must be valid; all
// header parsers and the writer must bear it.
#include <algorithm>
#include <random>

#include "gtest/gtest.h"

#include "tests/torture/index_by_all.hpp"
#include "tests/torture/observation.hpp"
#include "tests/torture/torture_case.hpp"

namespace tandem::torture {

namespace {

using sipparse::MessageIndex;

std::vector<TortureCase> all_cases() {
    std::vector<TortureCase> cases = load_cases("rfc4475");
    for (TortureCase& more : load_cases("rfc5118")) {
        cases.push_back(std::move(more));
    }
    return cases;
}

std::string mutate(std::string text, std::mt19937& random) {
    using namespace std::string_view_literals;
    static constexpr std::string_view kAlphabet = "\r\n\r\n\t :;,<>\"\\=?@%0A\0\xff"sv;
    const std::size_t changes = 1 + random() % 6;
    for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
        const std::size_t position = random() % text.size();
        const char c = kAlphabet[random() % kAlphabet.size()];
        switch (random() % 4) {
        case 0:
            text[position] = c;
            break;
        case 1:
            text.insert(position, 1 + random() % 3, c);
            break;
        case 2:
            text.erase(position, 1 + random() % 5);
            break;
        default:
            text.insert(position, text.substr(random() % text.size(), random() % 80));
            break;
        }
    }
    return text;
}

TEST(DamageTest, EveryTruncationIsIndexedAlike) {
    for (const TortureCase& torture : all_cases()) {
        for (std::size_t bytes = 0; bytes <= torture.message.size(); ++bytes) {
            const ExactCopy cut(std::string_view(torture.message).substr(0, bytes));
            MessageIndex index;
            const auto error = index_by_all(cut.text(), index);
            ASSERT_FALSE(HasFailure()) << torture.name << " cut at " << bytes;
            if (bytes + 1 == torture.message.size()) {
                touch_everything({cut.text(), &index});
            }
            ASSERT_LT(static_cast<std::size_t>(error), sipparse::kParseErrorCount);
        }
    }
}

TEST(DamageTest, EveryStartIsIndexedAlike) {
    // Other positions of line ends and colons relative to the blocks of the vector scan.
    for (const TortureCase& torture : all_cases()) {
        for (std::size_t skip = 1; skip < std::min<std::size_t>(torture.message.size(), 130);
             ++skip) {
            const ExactCopy rest(std::string_view(torture.message).substr(skip));
            MessageIndex index;
            (void)index_by_all(rest.text(), index);
            ASSERT_FALSE(HasFailure()) << torture.name << " from " << skip;
        }
    }
}

TEST(DamageTest, RandomMutationsAreBorne) {
    std::mt19937 random(4475);
    for (const TortureCase& torture : all_cases()) {
        for (int round = 0; round < 400; ++round) {
            const ExactCopy damaged(mutate(torture.message, random));
            MessageIndex index;
            (void)index_by_all(damaged.text(), index);
            ASSERT_FALSE(HasFailure()) << torture.name << " round " << round;
            if (round % 8 == 0) {
                touch_everything({damaged.text(), &index});
            }
        }
    }
}

} // namespace

} // namespace tandem::torture
