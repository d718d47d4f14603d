// SPDX-License-Identifier: Apache-2.0
//
// The command line of EAL, the device text and the choice of huge pages; nothing is started.
#include <algorithm>
#include <gtest/gtest.h>

#include "dataplane/port/device.hpp"
#include "dataplane/port/eal.hpp"
#include "dataplane/port/packet_pool.hpp"
#include "dataplane/port/preflight.hpp"

namespace tandem::dataplane::port {
namespace {

config::Configuration laboratory() {
    config::Configuration configuration;
    configuration.application.node = "b";
    config::Port port;
    port.name = "sip0";
    port.device = "net_af_packet0,iface=sip0,framesz=16384";
    port.is_vdev = true;
    configuration.ports.push_back(port);
    return configuration;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

TEST(Eal, WithHugePagesEverythingStaysInMemory) {
    const auto words = eal_arguments(laboratory(), {.huge_pages = true});
    EXPECT_EQ(words.front(), "tandem-dataplane");
    EXPECT_TRUE(has(words, "--in-memory"));
    EXPECT_TRUE(has(words, "--file-prefix=tandem-b"));
    EXPECT_TRUE(has(words, "--no-pci"));
    EXPECT_TRUE(has(words, "--vdev=net_af_packet0,iface=sip0,framesz=16384"));
    EXPECT_FALSE(has(words, "--no-huge"));
}

TEST(Eal, WithoutHugePagesTheWordsThatContradictAreLeftOut) {
    auto configuration = laboratory();
    configuration.dataplane.eal = {"--in-memory", "--no-pci"};
    const auto words =
        eal_arguments(configuration, {.huge_pages = false, .packet_bytes = 32U << 20U});
    EXPECT_FALSE(has(words, "--in-memory"));
    EXPECT_TRUE(has(words, "--no-huge"));
    EXPECT_TRUE(has(words, "-m"));
    EXPECT_TRUE(has(words, "96"));
    EXPECT_EQ(std::count(words.begin(), words.end(), "--no-pci"), 1);
}

TEST(Eal, TheConfigurationWins) {
    auto configuration = laboratory();
    configuration.dataplane.eal = {"--file-prefix=mine", "-m", "32"};
    configuration.dataplane.lcores = "0@(0,1)";
    const auto words = eal_arguments(configuration, {.huge_pages = false});
    EXPECT_TRUE(has(words, "--file-prefix=mine"));
    EXPECT_FALSE(has(words, "--file-prefix=tandem-b"));
    EXPECT_EQ(std::count(words.begin(), words.end(), "-m"), 1);
    EXPECT_TRUE(has(words, "--lcores=0@(0,1)"));
}

TEST(Eal, APciPortIsAllowedByItsAddress) {
    auto configuration = laboratory();
    configuration.ports[0].device = "0000:03:00.0";
    configuration.ports[0].is_vdev = false;
    const auto words = eal_arguments(configuration, {.huge_pages = true});
    EXPECT_TRUE(has(words, "--allow=0000:03:00.0"));
    EXPECT_FALSE(has(words, "--no-pci"));
}

TEST(Device, NameAndInterfaceAreTakenFromTheText) {
    const auto port = laboratory().ports[0];
    EXPECT_EQ(device_name(port), "net_af_packet0");
    EXPECT_EQ(kernel_interface(port), "sip0");
    auto last = port;
    last.device = "net_tap0,remote=x,iface=tap7";
    EXPECT_EQ(kernel_interface(last), "tap7");
    last.device = "net_null0";
    EXPECT_EQ(device_name(last), "net_null0");
    EXPECT_EQ(kernel_interface(last), "");
}

TEST(Preflight, WhatIsNotThereIsSaidPlainly) {
    auto configuration = laboratory();
    configuration.ports[0].device = "net_af_packet0,iface=nosuchif0";
    EXPECT_EQ(missing(configuration).value_or(""),
              "port sip0: there is no network interface nosuchif0 here");
    configuration.ports[0].is_vdev = false;
    configuration.ports[0].device = "ffff:ff:1f.7";
    EXPECT_EQ(missing(configuration).value_or(""),
              "port sip0: there is no PCI device ffff:ff:1f.7 here");
}

TEST(Preflight, HugePagesAreUsedWhenThereAreEnough) {
    using config::Hugepages;
    EXPECT_FALSE(choose_huge_pages(Hugepages::Off, 10, 100).use);
    EXPECT_TRUE(choose_huge_pages(Hugepages::Auto, 10, 100).use);
    EXPECT_FALSE(choose_huge_pages(Hugepages::Auto, 100, 10).use);
    EXPECT_TRUE(choose_huge_pages(Hugepages::On, 10, 100).use);
    const auto refused = choose_huge_pages(Hugepages::On, 100, 10);
    EXPECT_EQ(refused.problem.value_or("").substr(0, 14), "no huge pages:");
}

TEST(PacketPool, EachConsumerIsCounted) {
    const std::uint32_t one =
        packets_needed({.ports = 1, .rx_descriptors = 1'024, .tx_descriptors = 512});
    const std::uint32_t two =
        packets_needed({.ports = 2, .rx_descriptors = 2'048, .tx_descriptors = 1'024});
    EXPECT_GT(one, 1'024U + 512U + ha::kPendingMax);
    EXPECT_GT(two, one + 1'024U + 512U);
    EXPECT_GT(pool_bytes(one), std::size_t{one} * kPacketDataBytes);
}

} // namespace
} // namespace tandem::dataplane::port
