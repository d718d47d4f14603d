// SPDX-License-Identifier: Apache-2.0
//
// Warnings.
#include "gtest/gtest.h"

#include "sipparse/warning.hpp"

namespace tandem::sipparse {

namespace {

TEST(WarningTest, Parts) {
    const auto warning = parse_warning("370 devnull:5060 \"Choose a \\\"bigger\\\" pipe\"");
    ASSERT_TRUE(warning);
    EXPECT_EQ(warning->code, 370);
    EXPECT_EQ(warning->agent, "devnull:5060");
    EXPECT_EQ(warning->text, "\"Choose a \\\"bigger\\\" pipe\"");
    for (const std::string_view element : {"",
                                           "370",
                                           "370 a",
                                           "370 a b",
                                           "37 a \"b\"",
                                           "3700 a \"b\"",
                                           "x70 a \"b\"",
                                           "370  \"b\"",
                                           "370 \n \"b\"", // found by fuzzing
                                           "370 a \"b\" c",
                                           "370 a \"b"}) {
        EXPECT_FALSE(parse_warning(element)) << element;
    }
}

} // namespace

} // namespace tandem::sipparse
