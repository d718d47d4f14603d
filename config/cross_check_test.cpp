// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/cross_check.cpp through files, so that the lines are checked too.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/cross_check.hpp"
#include "config/temporary_file.hpp"

namespace tandem::config {
namespace {

struct Parts {
    std::string application = "sip-address = \"10.77.0.10\";";
    std::string ports = "{ name = \"p0\"; device = \"net_null0\"; address = \"10.77.0.1\"; }";
    std::string dns = {};
};

// Problems of a file with application on line 1, ports from line 3 and DNs from line 5 on.
std::string problems_of(const Parts& parts) {
    return config::problems_of(
        fmt::format("application: {{ {} }};\nports = (\n{}\n); dns = (\n{} );\n",
                    parts.application,
                    parts.ports,
                    parts.dns));
}

std::string with_application(const std::string& options) {
    return problems_of(Parts{.application = "sip-address = \"10.77.0.10\"; " + options});
}

std::string with_dns(const std::string& dns) {
    return problems_of(Parts{.dns = dns});
}

std::string extension(std::string_view numbers) {
    return fmt::format("{{ type = \"Extension\"; numbers = \"{}\"; contact = \"*\"; }}", numbers);
}

std::string trunk(std::string_view name, std::string_view contact) {
    return fmt::format("{{ type = \"Trunk\"; name = \"{}\"; contact = \"{}\"; }}", name, contact);
}

TEST(CrossCheck, order_of_expires) {
    EXPECT_EQ(with_application("min-expires = 90; max-expires = 90;"), "");
    EXPECT_EQ(with_application("min-expires = 91;\nmax-expires = 90;"),
              "2: application: min-expires = 91 is above max-expires = 90; it must be at most "
              "that\n");
    EXPECT_EQ(with_application("max-expires = 59;"),
              "1: application: min-expires = 60 is above max-expires = 59; it must be at most "
              "that\n");
}

TEST(CrossCheck, order_of_session_timers) {
    EXPECT_EQ(with_application("session-expires = 90; min-se = 90;"), "");
    EXPECT_EQ(with_application("session-expires = 90; min-se = 91;"),
              "1: application: session-expires = 90 is below min-se = 91; it must be at least "
              "that\n");
}

std::string with_sip_address(std::string_view address) {
    return problems_of(
        Parts{.application = fmt::format("sip-address = \"{}\";", address),
              .ports = "{ name = \"p0\"; device = \"net_null0\"; address = \"10.77.0.1\"; gateway "
                       "= \"10.77.0.254\"; },\n{ name = \"p1\"; device = \"net_null1\"; address = "
                       "\"10.79.0.1\"; prefix-length = 28; }"});
}

TEST(CrossCheck, sip_address_is_a_free_host_of_a_subnet) {
    EXPECT_EQ(with_sip_address("10.77.0.10"), "");
    EXPECT_EQ(with_sip_address("10.79.0.14"), "");
    const std::string outside =
        " is no host of the subnet of a port; it must be in one of 10.77.0.0/24, 10.79.0.0/28\n";
    for (const std::string address : {"10.77.1.10", "10.79.0.16", "10.79.0.15", "10.77.0.0"}) {
        EXPECT_EQ(with_sip_address(address),
                  fmt::format("1: application: sip-address = \"{}\"{}", address, outside));
    }
    EXPECT_EQ(with_sip_address("10.79.0.1"),
              "1: application: sip-address = \"10.79.0.1\" is the address of port \"p1\" (line 4); "
              "it must be an address of its own\n");
    EXPECT_EQ(with_sip_address("10.77.0.254"),
              "1: application: sip-address = \"10.77.0.254\" is the gateway of port \"p0\" (line "
              "3); it must be an address of its own\n");
}

std::string with_port(std::string_view address, std::string_view more) {
    return problems_of(Parts{
        .ports = fmt::format("{{ name = \"p0\"; device = \"net_null0\"; address = \"10.77.0.1\"; "
                             "}},\n{{ name = \"p1\"; device = \"net_null1\"; address = \"{}\";\n{} "
                             "}}",
                             address,
                             more)});
}

TEST(CrossCheck, a_port_address_is_a_host) {
    EXPECT_EQ(with_port("10.78.0.1", ""), "");
    EXPECT_EQ(with_port("10.78.0.0", ""),
              "4: port \"p1\": address = \"10.78.0.0\" is the network or broadcast address of "
              "10.78.0.0/24; it must be a host of it\n");
    EXPECT_EQ(with_port("10.78.0.3", "prefix-length = 30;"),
              "4: port \"p1\": address = \"10.78.0.3\" is the network or broadcast address of "
              "10.78.0.0/30; it must be a host of it\n");
}

TEST(CrossCheck, a_gateway_is_another_host_of_the_subnet) {
    EXPECT_EQ(with_port("10.78.0.1", "gateway = \"10.78.0.254\";"), "");
    for (const std::string gateway : {"10.79.0.254", "10.78.0.255", "10.78.0.0"}) {
        EXPECT_EQ(with_port("10.78.0.1", "gateway = \"" + gateway + "\";"),
                  "5: port \"p1\": gateway = \"" + gateway +
                      "\" is no host of the subnet 10.78.0.0/24; it must be one\n");
    }
    EXPECT_EQ(with_port("10.78.0.1", "gateway = \"10.78.0.1\";"),
              "5: port \"p1\": gateway = \"10.78.0.1\" is the port's own address; it must be "
              "another host of the subnet 10.78.0.0/24\n");
}

TEST(CrossCheck, ports_share_nothing) {
    EXPECT_EQ(problems_of(Parts{
                  .ports = "{ name = \"p0\"; device = \"net_null0\"; address = \"10.77.0.1\"; },\n"
                           "{ name = \"p0\"; device = \"net_null0\"; address = \"10.77.0.1\"; }"}),
              "4: name = \"p0\" is given to two ports: here and on line 3; each port needs its "
              "own\n"
              "4: device = \"net_null0\" is given to two ports: here and on line 3; each port "
              "needs its own\n"
              "4: address = \"10.77.0.1\" is given to two ports: here and on line 3; each port "
              "needs its own\n");
}

TEST(CrossCheck, the_number_of_ports_is_bounded) {
    std::string ports;
    for (std::size_t i = 0; i <= kPortsMax; ++i) {
        ports += fmt::format("{}{{ name = \"p{}\"; device = \"net_null{}\"; address = "
                             "\"10.{}.0.1\"; }}",
                             i == 0 ? "" : ",\n",
                             i,
                             i,
                             77 + i);
    }
    EXPECT_EQ(problems_of(Parts{.ports = ports}), "19: more than 16 ports\n");
}

TEST(CrossCheck, a_contact_is_another_host) {
    EXPECT_EQ(with_dns(trunk("gw", "10.77.0.200")), "");
    EXPECT_EQ(with_dns(trunk("gw", "10.77.0.10")),
              "5: contact at 10.77.0.10 is an address of this node; it must be another host\n");
    EXPECT_EQ(
        with_dns("{ type = \"Extension\"; numbers = \"1\";\n contact = \"10.77.0.1:5070\"; }"),
        "6: contact at 10.77.0.1 is an address of this node; it must be another host\n");
}

TEST(CrossCheck, trunks_may_share_a_contact) {
    EXPECT_EQ(with_dns(trunk("gw-1", "10.77.0.200") + "," + trunk("gw-2", "10.77.0.200")), "");
}

TEST(CrossCheck, a_dn_stands_once) {
    EXPECT_EQ(with_dns(extension("1000-1099,01000,100") + ",\n" + extension("1100,999,alice")), "");
    EXPECT_EQ(with_dns(extension("1000-1099") + ",\n" + extension("5,1050")),
              "6: DN 1050 is given twice: in \"1050\" here and in \"1000-1099\" on line 5; once is "
              "allowed\n");
    EXPECT_EQ(with_dns(extension("1050") + ",\n" + extension("1000-1099")),
              "6: DN 1050 is given twice: in \"1000-1099\" here and in \"1050\" on line 5; once is "
              "allowed\n");
    EXPECT_EQ(with_dns(extension("0007,0005-0009")),
              "5: DN 0007 is given twice: in \"0007\" here and in \"0005-0009\" on line 5; once is "
              "allowed\n");
    EXPECT_EQ(with_dns(extension("alice") + ",\n" + extension("alice")),
              "6: DN alice is given twice: in \"alice\" here and in \"alice\" on line 5; once is "
              "allowed\n");
}

TEST(CrossCheck, each_overlap_with_a_wide_range_is_found) {
    EXPECT_EQ(
        with_dns(extension("1000-1999") + ",\n" + extension("1100") + ",\n" + extension("1500")),
        "6: DN 1100 is given twice: in \"1100\" here and in \"1000-1999\" on line 5; once is "
        "allowed\n"
        "7: DN 1500 is given twice: in \"1500\" here and in \"1000-1999\" on line 5; once is "
        "allowed\n");
}

TEST(CrossCheck, a_trunk_has_a_name_of_its_own) {
    EXPECT_EQ(with_dns(trunk("gw", "10.77.0.200") + ",\n" + trunk("gw", "10.77.0.201")),
              "6: DN gw is given twice: in \"gw\" here and in \"gw\" on line 5; once is allowed\n");
    EXPECT_EQ(with_dns(extension("1000-1099") + ",\n" + trunk("1005", "10.77.0.201")),
              "6: DN 1005 is given twice: in \"1005\" here and in \"1000-1099\" on line 5; once is "
              "allowed\n");
}

TEST(CrossCheck, the_number_of_dns_is_bounded) {
    EXPECT_EQ(with_dns(extension("0000000-0999999")), "");
    EXPECT_EQ(with_dns(extension("0000000-0999999,1000000")),
              "0: the file has 1000001 DNs; at most 1000000 are allowed\n");
}

} // namespace
} // namespace tandem::config
