// SPDX-License-Identifier: Apache-2.0
//
// Every torture case by name: what the index says, what it answers and what the header parsers
// accept must be what the case file expects, with every implementation of the line scan.
#include <ostream>

#include "gtest/gtest.h"

#include "sipparse/index.hpp"
#include "tests/torture/observation.hpp"
#include "tests/torture/torture_case.hpp"

namespace tandem::torture {

void PrintTo(const TortureCase& value, std::ostream* out) { // NOLINT(readability-identifier-naming)
    *out << value.section << ' ' << value.title;
}

namespace {

class TortureTest : public testing::TestWithParam<TortureCase> {};

void check(const TortureCase& expected, sipparse::Implementation implementation) {
    sipparse::MessageIndex index;
    const auto error = sipparse::index_datagram_with(implementation, expected.message, index);
    const sipparse::MessageView view{expected.message, &index};
    ASSERT_TRUE(sipparse::validate(index, sizeof(index), expected.message.size()));
    for (const Expectation& expectation : expected.expectations) {
        EXPECT_EQ(observe(expectation.key, view, error), expectation.value) << expectation.key;
    }
}

TEST_P(TortureTest, IsWhatTheCaseExpects) {
    ASSERT_GE(GetParam().expectations.size(), 2U) << "a case says index and answer";
    for (const sipparse::ImplementationRow& row : sipparse::kImplementations) {
        if (sipparse::is_supported(row.implementation)) {
            SCOPED_TRACE(row.name);
            check(GetParam(), row.implementation);
        }
    }
}

std::string test_name(const testing::TestParamInfo<TortureCase>& info) {
    std::string name = info.param.name;
    for (char& c : name) {
        c = c == '-' ? '_' : c;
    }
    return name;
}

INSTANTIATE_TEST_SUITE_P(Rfc4475, TortureTest, testing::ValuesIn(load_cases("rfc4475")), test_name);
INSTANTIATE_TEST_SUITE_P(Rfc5118, TortureTest, testing::ValuesIn(load_cases("rfc5118")), test_name);

TEST(TortureCaseTest, NoneIsMissing) {
    // RFC 4475 has 49 cases, its archive one file more; RFC 5118 has 12 texts.
    EXPECT_EQ(load_cases("rfc4475").size(), 50U);
    EXPECT_EQ(load_cases("rfc5118").size(), 12U);
}

} // namespace

} // namespace tandem::torture
