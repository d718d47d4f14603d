// SPDX-License-Identifier: Apache-2.0
//
// Which port holds which address.
#include <gtest/gtest.h>

#include "dataplane/vip/held_addresses.hpp"

namespace tandem::dataplane::vip {
namespace {

base::Ipv4Address address(std::string_view text) {
    return base::parse_ipv4(text).value();
}

config::Configuration two_ports(std::string_view sip_address) {
    config::Configuration configuration;
    configuration.application.sip_address = address(sip_address);
    for (const auto* const own : {"10.77.0.1", "192.0.2.1"}) {
        config::Port port;
        port.address = address(own);
        port.prefix_length = 24;
        configuration.ports.push_back(port);
    }
    return configuration;
}

TEST(HeldAddresses, TheVipIsOnThePortOfItsSubnet) {
    const auto configuration = two_ports("192.0.2.10");
    EXPECT_FALSE(held_addresses(configuration, 0).contains(address("192.0.2.10")));
    EXPECT_TRUE(held_addresses(configuration, 1).contains(address("192.0.2.10")));
    EXPECT_TRUE(held_addresses(configuration, 1).contains(address("192.0.2.1")));
}

TEST(HeldAddresses, AVipOfNoSubnetIsOnTheFirstPort) {
    const auto configuration = two_ports("203.0.113.10");
    EXPECT_TRUE(held_addresses(configuration, 0).contains(address("203.0.113.10")));
    EXPECT_FALSE(held_addresses(configuration, 1).contains(address("203.0.113.10")));
}

TEST(HeldAddresses, AVipThatIsTheUniqueAddressIsHeldOnce) {
    const auto configuration = two_ports("10.77.0.1");
    EXPECT_EQ(held_addresses(configuration, 0).addresses().size(), 1U);
}

TEST(HeldAddresses, NothingElseIsHeld) {
    EXPECT_FALSE(HeldAddresses().contains({}));
    EXPECT_FALSE(held_addresses(two_ports("10.77.0.10"), 0).contains(address("10.77.0.2")));
}

} // namespace
} // namespace tandem::dataplane::vip
