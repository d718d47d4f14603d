// SPDX-License-Identifier: Apache-2.0
//
// The directory: look-ups by number and by source, passwords, and the limits of calls.
#include "gtest/gtest.h"

#include "controlplane/core/directory.hpp"
#include "controlplane/core/test_directory.hpp"

namespace tandem::controlplane {
namespace {

TEST(DirectoryTest, FindsEveryDnOfEveryRangeAndNothingElse) {
    const auto configuration = small_configuration();
    const Directory directory(configuration);
    EXPECT_EQ(directory.dn_count(), 22U);
    for (const auto* number : {"1000", "1009", "1900", "1201"}) {
        const auto dn = directory.find_dn(number);
        ASSERT_TRUE(dn) << number;
        EXPECT_EQ(directory.dn(*dn).number, number);
    }
    for (const auto* number : {"", "999", "1010", "10000", "100", "1000 ", "gw"}) {
        EXPECT_FALSE(directory.find_dn(number)) << number;
    }
}

TEST(DirectoryTest, PasswordStandsForTheNumber) {
    const auto configuration = small_configuration();
    const Directory directory(configuration);
    std::array<char, 64> buffer{};
    EXPECT_EQ(directory.password(*directory.find_dn("1907"), buffer), "pw-1907");
    EXPECT_EQ(directory.password(*directory.find_dn("1000"), buffer), "");
}

TEST(DirectoryTest, OneTrunkAtAnAddressIsKnownFromAnyPort) {
    auto configuration = small_configuration();
    configuration.trunks.push_back(trunk_to("gw", "10.77.0.200:5060", "9"));
    const Directory directory(configuration);
    EXPECT_EQ(directory.trunk_from(endpoint_of("10.77.0.200:5060")), TrunkIndex{0});
    EXPECT_EQ(directory.trunk_from(endpoint_of("10.77.0.200:40000")), TrunkIndex{0});
    EXPECT_FALSE(directory.trunk_from(endpoint_of("10.77.0.201:5060")));
}

TEST(DirectoryTest, TrunksThatShareAnAddressAreToldApartByPort) {
    auto configuration = small_configuration();
    configuration.trunks.push_back(trunk_to("one", "10.77.0.200:5060", "8"));
    configuration.trunks.push_back(trunk_to("two", "10.77.0.200:5080", "9"));
    const Directory directory(configuration);
    EXPECT_EQ(directory.trunk_from(endpoint_of("10.77.0.200:5060")), TrunkIndex{0});
    EXPECT_EQ(directory.trunk_from(endpoint_of("10.77.0.200:5080")), TrunkIndex{1});
    EXPECT_FALSE(directory.trunk_from(endpoint_of("10.77.0.200:5090")));
}

TEST(DirectoryTest, MaxCallsAndCapacityBoundCallsAtOnce) {
    auto configuration = small_configuration();
    configuration.dn_ranges[0].max_calls = 2;
    configuration.trunks.push_back(trunk_to("gw", "10.77.0.200:5060", "9"));
    configuration.trunks.back().capacity = 1;
    Directory directory(configuration);
    const Device dn{.dn = directory.find_dn("1000"), .trunk = {}};
    const Device trunk{.dn = {}, .trunk = TrunkIndex{0}};
    EXPECT_TRUE(directory.take_call(dn));
    EXPECT_TRUE(directory.take_call(dn));
    EXPECT_FALSE(directory.take_call(dn));
    directory.release_call(dn);
    EXPECT_TRUE(directory.take_call(dn));
    EXPECT_TRUE(directory.take_call(trunk));
    EXPECT_FALSE(directory.take_call(trunk));
    directory.release_call(trunk);
    EXPECT_TRUE(directory.take_call(trunk));
    EXPECT_EQ(directory.trunk(TrunkIndex{0}).calls_total, 2U);
}

} // namespace
} // namespace tandem::controlplane
