// SPDX-License-Identifier: Apache-2.0
//
// X-Genesys-* of a message, in their order, among other headers.
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/genesys_headers.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

TEST(GenesysHeadersTest, KeysAndValues) {
    const IndexedMessage message(sample_invite("X-Genesys-CallUUID: 01AB\r\n"
                                               "X-Other: 1\r\n"
                                               "x-genesys-ani: 1000\r\n"
                                               "X-Genesys-: nothing\r\n"
                                               "Subject: x\r\n"
                                               "X-Genesys-CallUUID: 02\r\n"));
    ASSERT_EQ(message.error, ParseError::None);
    std::vector<std::string> found;
    for (const GenesysHeader& header : GenesysHeaders(message.view())) {
        found.push_back(std::string(header.key) + "=" + std::string(header.value));
    }
    EXPECT_EQ(found, (std::vector<std::string>{"CallUUID=01AB", "ani=1000", "CallUUID=02"}));
}

TEST(GenesysHeadersTest, None) {
    const IndexedMessage message(sample_invite());
    const GenesysHeaders headers(message.view());
    EXPECT_TRUE(headers.begin() == GenesysHeaders::end());
}

} // namespace

} // namespace tandem::sipparse
