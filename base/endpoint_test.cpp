// SPDX-License-Identifier: Apache-2.0
//
// Endpoints to text and back, and what is refused.
#include <string>

#include "gtest/gtest.h"

#include "base/endpoint.hpp"

namespace tandem::base {
namespace {

std::string text_of(Endpoint endpoint) {
    std::string text(kEndpointTextBytesMax, '\0');
    text.resize(static_cast<std::size_t>(write_endpoint(endpoint, text.data()) - text.data()));
    return text;
}

TEST(Endpoint, ReadsAndWritesText) {
    for (const char* text : {"0.0.0.0:1", "10.77.0.1:5060", "255.255.255.255:65535"}) {
        const auto endpoint = parse_endpoint(text, 1);
        ASSERT_TRUE(endpoint) << text;
        EXPECT_EQ(text_of(*endpoint), text);
    }
    EXPECT_EQ(parse_endpoint("1.2.3.4", 5060)->port, 5060);
    EXPECT_EQ(parse_ipv4("1.2.3.4")->value, 0x01020304U);
}

TEST(Endpoint, RefusesEverythingElse) {
    for (const char* text : {"",
                             "1",
                             "1.2.3",
                             "1.2.3.4.5",
                             "256.1.1.1",
                             "01.2.3.4",
                             "1.2.3.4 ",
                             " 1.2.3.4",
                             "1..2.3",
                             "a.b.c.d",
                             "-1.2.3.4",
                             "1.2.3.4x"}) {
        EXPECT_FALSE(parse_ipv4(text)) << text;
    }
    for (const char* text : {"1.2.3.4:", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:5060x", ":5060"}) {
        EXPECT_FALSE(parse_endpoint(text, 1)) << text;
    }
}

TEST(Endpoint, KnowsPrivateAddresses) {
    for (const char* text :
         {"10.0.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.1.1", "127.0.0.1"}) {
        EXPECT_TRUE(is_private(*parse_ipv4(text))) << text;
    }
    for (const char* text : {"11.0.0.1", "172.32.0.0", "192.169.1.1", "100.128.0.1", "8.8.8.8"}) {
        EXPECT_FALSE(is_private(*parse_ipv4(text))) << text;
    }
}

} // namespace
} // namespace tandem::base
