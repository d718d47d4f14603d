// SPDX-License-Identifier: Apache-2.0
//
// Tags lead back to the call they were made for, and to no other.
#include <string>

#include "gtest/gtest.h"

#include "controlplane/core/identifiers.hpp"

namespace tandem::controlplane {
namespace {

TEST(IdentifiersTest, ATagNamesItsCall) {
    base::RandomStream random({1});
    for (const std::uint64_t id : {0ULL, 1ULL, 0x6100000700000001ULL, ~0ULL}) {
        const TagText tag(id, random);
        EXPECT_EQ(call_id_of_tag(tag.text()), id) << tag.text();
    }
}

TEST(IdentifiersTest, NoTwoNamesOfOneCallAreEqual) {
    base::RandomStream random({1});
    const TagText first(7, random);
    const TagText second(7, random);
    EXPECT_NE(first.text(), second.text());
    EXPECT_EQ(CallIdText(7, random).text().substr(0, 17), "0000000000000007-");
}

TEST(IdentifiersTest, ForeignTagsNameNothing) {
    for (const auto* tag :
         {"", "abc", "0000000000000007", "000000000000000g-12", "0000000000000007x12"}) {
        EXPECT_FALSE(call_id_of_tag(tag)) << tag;
    }
}

} // namespace
} // namespace tandem::controlplane
