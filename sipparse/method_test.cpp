// SPDX-License-Identifier: Apache-2.0
//
// Methods are found by their exact name only.
#include <string>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/method.hpp"

namespace tandem::sipparse {

namespace {

TEST(MethodTest, EveryNameIsFound) {
    for (std::size_t row = 1; row < kMethodCount; ++row) {
        const ExactText exact(kMethodNames[row]);
        EXPECT_EQ(find_method(exact.text()), static_cast<Method>(row)) << kMethodNames[row];
        EXPECT_EQ(method_name(static_cast<Method>(row)), kMethodNames[row]);
    }
}

TEST(MethodTest, OtherTextsAreOther) {
    for (const char* text : {"",
                             "invite",
                             "INVITES",
                             "INVIT",
                             "ACk",
                             "NOTHING",
                             "AAA",
                             "XXXX",
                             "XXXXX",
                             "XXXXXX",
                             "XXXXXXX",
                             "XXXXXXXX",
                             "XXXXXXXXX"}) {
        EXPECT_EQ(find_method(text), Method::Other) << text;
    }
}

} // namespace

} // namespace tandem::sipparse
