// SPDX-License-Identifier: Apache-2.0
//
// Every torture case by name: what the index says, what it answers and what the header parsers
// accept must be what the case file expects, with every implementation of the line scan.
#include <algorithm>
#include <array>
#include <ostream>
#include <set>

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
        EXPECT_EQ(escape(observe(expectation.key, view, error)), expectation.value)
            << expectation.key;
    }
}

const std::string* expected_value(const TortureCase& torture, std::string_view key) {
    const auto found = std::ranges::find(torture.expectations, key, &Expectation::key);
    return found == torture.expectations.end() ? nullptr : &found->value;
}

// Keys that say what becomes of a message, and sizes; everything else is a value out of it.
bool is_value(std::string_view key) {
    static constexpr std::array<std::string_view, 10> kOutcome{"index",
                                                               "defect",
                                                               "defect-at",
                                                               "answer",
                                                               "malformed",
                                                               "malformed-at",
                                                               "header-lines",
                                                               "body-bytes",
                                                               "rest-bytes",
                                                               "method"};
    return std::ranges::find(kOutcome, key) == kOutcome.end();
}

// A case says what becomes of its message and which values it is about. One that is refused also
// says where it went wrong.
void check_completeness(const TortureCase& torture) {
    std::set<std::string> keys;
    std::size_t values = 0;
    for (const Expectation& expectation : torture.expectations) {
        EXPECT_TRUE(keys.insert(expectation.key).second) << expectation.key << " twice";
        values += is_value(expectation.key) ? 1U : 0U;
    }
    for (const std::string_view key : {"index", "defect", "answer", "malformed"}) {
        EXPECT_NE(expected_value(torture, key), nullptr) << "no " << key;
    }
    const std::string* const defect = expected_value(torture, "defect");
    if (defect != nullptr && *defect != "None") {
        EXPECT_NE(expected_value(torture, "defect-at"), nullptr);
    }
    EXPECT_GE(values, 2U) << "which values is the case about?";
}

TEST_P(TortureTest, IsWhatTheCaseExpects) {
    check_completeness(GetParam());
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
// Cases whose text in the archive is broken otherwise than its section says, put right.
INSTANTIATE_TEST_SUITE_P(Mended, TortureTest, testing::ValuesIn(load_cases("mended")), test_name);

TEST(TortureCaseTest, NoneIsMissing) {
    // RFC 4475 has 49 cases, its archive one file more; RFC 5118 has 12 texts.
    EXPECT_EQ(load_cases("rfc4475").size(), 50U);
    EXPECT_EQ(load_cases("rfc5118").size(), 12U);
    EXPECT_EQ(load_cases("mended").size(), 5U);
}

} // namespace

} // namespace tandem::torture
