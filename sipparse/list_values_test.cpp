// SPDX-License-Identifier: Apache-2.0
//
// Commas that separate and commas that do not.
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/list_values.hpp"

namespace tandem::sipparse {

namespace {

std::vector<std::string> split(std::string_view value) {
    const ExactText exact(value);
    std::vector<std::string> elements;
    for (const std::string_view element : ListValues(exact.text())) {
        elements.emplace_back(element);
    }
    return elements;
}

using Texts = std::vector<std::string>;

TEST(ListValuesTest, SplitsAtCommas) {
    EXPECT_EQ(split("a, b ,c"), (Texts{"a", "b", "c"}));
    EXPECT_EQ(split("a"), Texts{"a"});
    EXPECT_EQ(split("a,\r\n b"), (Texts{"a", "b"}));
}

TEST(ListValuesTest, EmptyElementsArePassedOver) {
    EXPECT_EQ(split(""), Texts{});
    EXPECT_EQ(split(" , ,"), Texts{});
    EXPECT_EQ(split(",a,,b,"), (Texts{"a", "b"}));
}

TEST(ListValuesTest, QuotesAndBracketsHoldCommas) {
    EXPECT_EQ(split(R"("Bell, A" <sip:a@b;x=1,2>;q=1, <sip:c@d>)"),
              (Texts{R"("Bell, A" <sip:a@b;x=1,2>;q=1)", "<sip:c@d>"}));
    EXPECT_EQ(split(R"("a\",b", c)"), (Texts{R"("a\",b")", "c"}));
    EXPECT_EQ(split(R"(<sip:"x@y>, b)"), Texts{R"(<sip:"x@y>, b)"});
}

TEST(ListValuesTest, WhatIsNeverClosedTakesTheRest) {
    EXPECT_EQ(split(R"("a, b)"), Texts{R"("a, b)"});
    EXPECT_EQ(split("<a, b"), Texts{"<a, b"});
}

TEST(ListValuesTest, EveryCutIsBorne) {
    for_each_cut(R"("A, B" <sip:a@b,c>;x="y,z", <sip:d@e>)",
                 [](std::string_view cut) { EXPECT_LE(split(cut).size(), 2U) << cut; });
}

} // namespace

} // namespace tandem::sipparse
