// SPDX-License-Identifier: Apache-2.0
//
// P-headers.
#include "gtest/gtest.h"

#include "sipparse/p_headers.hpp"

namespace tandem::sipparse {

namespace {

TEST(PHeadersTest, AccessNetworks) {
    const auto info = parse_access_network_info("3GPP-UTRAN-TDD; utran-cell-id-3gpp=234151D0FCE11");
    ASSERT_TRUE(info);
    EXPECT_EQ(info->access, "3GPP-UTRAN-TDD");
    EXPECT_EQ(info->params.value("utran-cell-id-3gpp"), "234151D0FCE11");
    EXPECT_FALSE(parse_access_network_info(""));
}

TEST(PHeadersTest, Charging) {
    const auto vector = parse_charging_vector("icid-value=\"1234bc\"; icid-generated-at=192.0.6.8; "
                                              "orig-ioi=home1.net;term-ioi=home2.net");
    ASSERT_TRUE(vector);
    EXPECT_EQ(vector->icid_value, "\"1234bc\"");
    EXPECT_EQ(vector->icid_generated_at, "192.0.6.8");
    EXPECT_EQ(vector->originating_ioi, "home1.net");
    EXPECT_EQ(vector->terminating_ioi, "home2.net");
    EXPECT_FALSE(parse_charging_vector(""));
    EXPECT_FALSE(parse_charging_vector(";icid-value=1"));
    EXPECT_FALSE(parse_charging_vector("orig-ioi=home1.net"));
    const auto addresses = parse_charging_function_addresses("ccf=192.1.1.1; ecf=\"[fe80::1]\"");
    ASSERT_TRUE(addresses);
    EXPECT_EQ(addresses->value("ccf"), "192.1.1.1");
    EXPECT_FALSE(parse_charging_function_addresses(" "));
}

TEST(PHeadersTest, VisitedNetworks) {
    EXPECT_EQ(parse_visited_network("other.net;x")->id, "other.net");
    EXPECT_EQ(parse_visited_network("\"Visited network number 1\"")->id,
              "\"Visited network number 1\"");
    EXPECT_FALSE(parse_visited_network("a b"));
    EXPECT_FALSE(parse_visited_network(""));
}

TEST(PHeadersTest, EarlyMedias) {
    EXPECT_EQ(parse_early_media("sendrecv"), EarlyMedia::SendReceive);
    EXPECT_EQ(parse_early_media(" Supported "), EarlyMedia::Supported);
    EXPECT_EQ(parse_early_media("x"), EarlyMedia::Other);
    EXPECT_FALSE(parse_early_media(""));
    EXPECT_FALSE(parse_early_media("a b"));
}

TEST(PHeadersTest, Services) {
    const auto service = parse_service_id("urn:urn-7:3gpp-service.ims.icsi.mmtel");
    ASSERT_TRUE(service);
    EXPECT_FALSE(service->is_application);
    EXPECT_EQ(service->name, "ims.icsi.mmtel");
    EXPECT_TRUE(parse_service_id("URN:urn-7:3GPP-application.x")->is_application);
    EXPECT_FALSE(parse_service_id("urn:urn-7:3gpp-service."));
    EXPECT_FALSE(parse_service_id("urn:other"));
}

} // namespace

} // namespace tandem::sipparse
