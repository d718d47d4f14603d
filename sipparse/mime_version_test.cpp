// SPDX-License-Identifier: Apache-2.0
//
// MIME versions.
#include "gtest/gtest.h"

#include "sipparse/mime_version.hpp"

namespace tandem::sipparse {

namespace {

TEST(MimeVersionTest, Numbers) {
    EXPECT_EQ(parse_mime_version("1.0")->major_number, 1U);
    EXPECT_EQ(parse_mime_version(" 1.25 ")->minor_number, 25U);
    for (const std::string_view value : {"", "1", "1.", ".1", "1.0.0", "1.x", "99999999999.0"}) {
        EXPECT_FALSE(parse_mime_version(value)) << value;
    }
}

} // namespace

} // namespace tandem::sipparse
