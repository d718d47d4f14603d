// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/option_value.cpp: each type from text, refused text with its reason, and back.
#include <gtest/gtest.h>

#include "config/option_value.hpp"

namespace tandem::config {
namespace {

// The value printed again, or "refused: " and the reason.
std::string round_trip(const ParsedValue& value, std::string_view choices = {}) {
    return value ? value_text(value.value(), choices) : "refused: " + value.error();
}

TEST(OptionValue, addresses) {
    EXPECT_EQ(round_trip(parse_address("10.77.0.1")), "10.77.0.1");
    EXPECT_EQ(round_trip(parse_address("223.255.255.255")), "223.255.255.255");
    for (const std::string_view text : {"", "10.77.0", "10.77.0.256", "10.77.0.1:5060", "host"}) {
        EXPECT_EQ(round_trip(parse_address(text)), "refused: ") << text;
    }
    for (const std::string_view text : {"0.0.0.1", "127.0.0.1", "224.0.0.1", "255.255.255.255"}) {
        EXPECT_EQ(round_trip(parse_address(text)), "refused: it is not a unicast address") << text;
    }
}

TEST(OptionValue, mac_addresses) {
    EXPECT_EQ(round_trip(parse_mac("02:00:00:00:aB:01")), "02:00:00:00:ab:01");
    for (const std::string_view text :
         {"", "02:00:00:00:00", "02:00:00:00:00:01:02", "2:0:0:0:0:1", "02:00:00:00:00:0g"}) {
        EXPECT_EQ(round_trip(parse_mac(text)), "refused: ") << text;
    }
    EXPECT_EQ(round_trip(parse_mac("01:00:5e:00:00:01")), "refused: it is not a unicast address");
    EXPECT_EQ(round_trip(parse_mac("00:00:00:00:00:00")), "refused: it is not a unicast address");
}

TEST(OptionValue, contacts) {
    EXPECT_EQ(round_trip(parse_contact("*")), "*");
    EXPECT_EQ(round_trip(parse_contact("10.77.0.101")), "10.77.0.101:5060");
    EXPECT_EQ(round_trip(parse_contact("10.77.0.101:5070")), "10.77.0.101:5070");
    EXPECT_EQ(round_trip(parse_contact("sip:10.77.0.101:5070;transport=udp")), "10.77.0.101:5070");
    EXPECT_EQ(round_trip(parse_contact("sip:gw+1@10.77.0.101")), "sip:gw+1@10.77.0.101:5060");
}

TEST(OptionValue, refused_contacts) {
    for (const std::string_view text :
         {"", "**", "10.77.0.101:", "10.77.0.101:0", "10.77.0.101:65536", "sip:", "10.77.0.300"}) {
        EXPECT_EQ(round_trip(parse_contact(text)), "refused: ") << text;
    }
    for (const std::string_view text : {"gw.example.com",
                                        "sips:10.77.0.101",
                                        "sip:10.77.0.101;transport=tcp",
                                        "10.77.0.101;transport=udp"}) {
        EXPECT_EQ(round_trip(parse_contact(text)),
                  "refused: host names are not resolved and only UDP is used")
            << text;
    }
    for (const std::string_view text :
         {"sip:@10.77.0.101", "sip:a b@10.77.0.101", "sip:a<b@1.2.3.4"}) {
        EXPECT_EQ(round_trip(parse_contact(text)),
                  "refused: its user part is empty or has characters that need an escape")
            << text;
    }
    EXPECT_EQ(round_trip(parse_contact("224.0.0.1:5060")), "refused: it is not a unicast address");
}

TEST(OptionValue, numbers) {
    EXPECT_EQ(round_trip(parse_numbers("1000-1099, 0042 ,alice,front-desk,*98")),
              "1000-1099,0042,alice,front-desk,*98");
    EXPECT_EQ(round_trip(parse_numbers("1000 - 1099")), "1000-1099");
    EXPECT_EQ(round_trip(parse_numbers("999999999999999")), "999999999999999");
    EXPECT_EQ(round_trip(parse_numbers("5-5")), "5");
}

TEST(OptionValue, refused_numbers) {
    EXPECT_EQ(round_trip(parse_numbers("")), "refused: an item is empty");
    EXPECT_EQ(round_trip(parse_numbers("1000,,1001")), "refused: an item is empty");
    EXPECT_EQ(round_trip(parse_numbers("1000,")), "refused: an item is empty");
    EXPECT_EQ(round_trip(parse_numbers("1099-1000")), "refused: \"1099-1000\" runs backwards");
    for (const std::string item :
         {"1000-10990", "1-", "1000-10x9", "1000-1010-1020", "1234567890123456"}) {
        EXPECT_EQ(round_trip(parse_numbers(item)),
                  "refused: \"" + item + "\" needs two numbers of the same, at most 15 digits");
    }
    EXPECT_EQ(round_trip(parse_numbers("1\n0-1999")),
              "refused: \"1?0-1999\" needs two numbers of the same, at most 15 digits");
    EXPECT_EQ(round_trip(parse_numbers("1-" + std::string(99, '0'))),
              "refused: \"1-" + std::string(58, '0') +
                  "\"... needs two numbers of the same, at most 15 digits");
    EXPECT_EQ(round_trip(parse_numbers("0000000-9999999")),
              "refused: \"0000000-9999999\" is more than 1000000 numbers");
    EXPECT_EQ(round_trip(parse_numbers("a b")), "refused: \"a b\" is no number, range or name");
    const std::string name_max(kDnNameBytesMax, 'a');
    EXPECT_EQ(round_trip(parse_numbers(name_max)), name_max);
    EXPECT_EQ(round_trip(parse_numbers(name_max + "a")),
              "refused: \"" + name_max + "a\" is no number, range or name");
}

TEST(OptionValue, choices) {
    constexpr std::string_view kChoices = "SHA-256|MD5";
    EXPECT_EQ(round_trip(parse_choice("MD5", kChoices), kChoices), "MD5");
    EXPECT_EQ(round_trip(parse_choice("md5", kChoices), kChoices), "refused: ");
    EXPECT_EQ(round_trip(parse_choice("", kChoices), kChoices), "refused: ");
    EXPECT_EQ(round_trip(parse_choice_list("MD5, SHA-256", kChoices), kChoices), "MD5,SHA-256");
    EXPECT_EQ(round_trip(parse_choice_list("MD5,MD5", kChoices), kChoices),
              "refused: MD5 is given twice");
    EXPECT_EQ(round_trip(parse_choice_list("", kChoices), kChoices), "refused: ");
    EXPECT_EQ(round_trip(parse_choice_list("MD5,SHA-1", kChoices), kChoices), "refused: ");
}

TEST(OptionValue, plain_values_as_text) {
    EXPECT_EQ(value_text(Value(), {}), "");
    EXPECT_EQ(value_text(Value(true), {}), "true");
    EXPECT_EQ(value_text(Value(std::int64_t{60}), {}), "60");
    EXPECT_EQ(value_text(Value(std::vector<std::string>{"--no-pci", "-v"}), {}), "--no-pci -v");
    EXPECT_EQ(split("a||b", '|'), (std::vector<std::string_view>{"a", "", "b"}));
}

} // namespace
} // namespace tandem::config
