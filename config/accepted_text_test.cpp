// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/accepted_text.cpp: for each predicate what it takes and what it refuses.
#include <gtest/gtest.h>
#include <string>

#include "config/accepted_text.hpp"

namespace tandem::config {
namespace {

TEST(AcceptedText, names) {
    EXPECT_TRUE(is_node_name("a1"));
    EXPECT_FALSE(is_node_name("A"));
    EXPECT_TRUE(is_name("gw-1.A_b"));
    EXPECT_FALSE(is_name("gw 1"));
    EXPECT_FALSE(is_name("gw\"1"));
}

TEST(AcceptedText, paths_are_absolute_and_printable) {
    EXPECT_TRUE(is_absolute_path("/run/tandem/a"));
    EXPECT_FALSE(is_absolute_path("run/tandem"));
    EXPECT_FALSE(is_absolute_path("/run/\ttandem"));
}

TEST(AcceptedText, a_realm_fits_a_quoted_string) {
    EXPECT_TRUE(is_realm("sip.example.com, north"));
    EXPECT_FALSE(is_realm("a\"b"));
    EXPECT_FALSE(is_realm("a\\b"));
    EXPECT_FALSE(is_realm("a\r\nVia: x"));
    EXPECT_FALSE(is_realm("\xc3\xa9"));
}

TEST(AcceptedText, words_have_no_space) {
    EXPECT_TRUE(is_printable("a b"));
    EXPECT_FALSE(is_word("a b"));
    EXPECT_TRUE(is_word("0@(0,1)"));
}

TEST(AcceptedText, dialled_characters) {
    EXPECT_TRUE(is_dialled("+49*#0"));
    EXPECT_TRUE(is_dialled(""));
    EXPECT_FALSE(is_dialled("1 2"));
    EXPECT_FALSE(is_dialled("1@2"));
}

TEST(AcceptedText, pci_addresses) {
    EXPECT_TRUE(is_pci_address("0000:01:00.0"));
    EXPECT_TRUE(is_pci_address("af:1F.7"));
    EXPECT_FALSE(is_pci_address("0000:01:00"));
    EXPECT_FALSE(is_pci_address("0000:01:0g.0"));
    EXPECT_FALSE(is_pci_address(""));
    EXPECT_FALSE(is_pci_address("00000:01:00.0"));
}

TEST(AcceptedText, devices_are_pci_or_vdev) {
    EXPECT_TRUE(is_device("0000:01:00.0"));
    EXPECT_TRUE(is_device("net_af_packet0,iface=sip0,framesz=16384"));
    EXPECT_FALSE(is_device("eth0"));
    EXPECT_FALSE(is_device("net_"));
    EXPECT_FALSE(is_device("net_Null0"));
    EXPECT_FALSE(is_device("net_null0, iface=x"));
}

} // namespace
} // namespace tandem::config
