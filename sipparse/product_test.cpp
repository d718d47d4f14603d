// SPDX-License-Identifier: Apache-2.0
//
// Products and comments of user agents.
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/product.hpp"

namespace tandem::sipparse {

namespace {

std::vector<std::string> parts_of(std::string_view value) {
    std::vector<std::string> parts;
    for (const Product& product : Products(value)) {
        parts.push_back(std::string(product.comment) + std::string(product.name) + "|" +
                        std::string(product.version));
    }
    return parts;
}

TEST(ProductTest, ProductsAndComments) {
    using Parts = std::vector<std::string>;
    EXPECT_EQ(parts_of("Softphone Beta1.5"), (Parts{"Softphone|", "Beta1.5|"}));
    EXPECT_EQ(parts_of("HomeServer/v2 (a (b)) X / 1"), (Parts{"HomeServer|v2", "(a (b))|", "X|1"}));
    EXPECT_EQ(parts_of("A/1(c)B"), (Parts{"A|1", "(c)|", "B|"}));
    EXPECT_TRUE(Products("A/1 (c)").well_formed());
    for (const std::string_view value : {"", "A/", "A (c", "<a>", "A, B", "/1"}) {
        EXPECT_FALSE(Products(value).well_formed()) << value;
    }
}

} // namespace

} // namespace tandem::sipparse
