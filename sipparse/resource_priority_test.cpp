// SPDX-License-Identifier: Apache-2.0
//
// Resource priorities.
#include "gtest/gtest.h"

#include "sipparse/resource_priority.hpp"

namespace tandem::sipparse {

namespace {

TEST(ResourcePriorityTest, NamespaceAndPriority) {
    const auto value = parse_resource_value(" dsn.flash ");
    ASSERT_TRUE(value);
    EXPECT_EQ(value->name_space, "dsn");
    EXPECT_EQ(value->priority, "flash");
    for (const std::string_view element : {"", "dsn", ".flash", "dsn.", "a.b.c", "a b.c"}) {
        EXPECT_FALSE(parse_resource_value(element)) << element;
    }
}

} // namespace

} // namespace tandem::sipparse
