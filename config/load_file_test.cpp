// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/load_file.cpp: the examples, each row through a real file at its limits and
// beyond, bad files with their exact messages, and files that are large or no text at all.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load_file.hpp"
#include "config/option_table.hpp"
#include "config/temporary_file.hpp"

namespace tandem::config {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kExamples = TANDEM_EXAMPLES;

base::Ipv4Address address(std::string_view text) {
    return base::parse_ipv4(text).value();
}

Configuration loaded(const std::string& path) {
    auto result = load_file(path);
    if (!result) {
        ADD_FAILURE() << problems_text(result.error());
        return {};
    }
    return *result;
}

// A file with the least of everything and one more option, alone on line 2.
std::string file_with(Level level, std::string_view name, std::string_view value) {
    const std::string added = fmt::format("\n{} = {};\n", name, value);
    const auto least = [&](Level of, std::string_view option, std::string_view text) {
        return of == level && option == name ? std::string()
                                             : fmt::format("{} = \"{}\"; ", option, text);
    };
    const auto extra = [&](Level of) { return of == level ? added : std::string(); };
    // The group with the added option comes first, so that it always stands on line 2.
    const std::string application = "application: { " + extra(Level::Application) +
                                    least(Level::Application, "sip-address", "10.77.0.10") + "}; ";
    const std::string dataplane = "dataplane: { " + extra(Level::Dataplane) + "}; ";
    const std::string ports = "ports = ( { " + extra(Level::Port) +
                              least(Level::Port, "name", "sip0") +
                              least(Level::Port, "device", "net_null0") +
                              least(Level::Port, "address", "10.77.0.1") + "} ); ";
    const std::string dns =
        "dns = ( { " + extra(Level::Extension) + least(Level::Extension, "type", "Extension") +
        least(Level::Extension, "numbers", "1000") + least(Level::Extension, "contact", "*") +
        "}, { " + extra(Level::Trunk) + least(Level::Trunk, "type", "Trunk") +
        least(Level::Trunk, "name", "gw") + least(Level::Trunk, "contact", "10.77.0.200") + "} ); ";
    return application + dataplane + ports + dns;
}

std::string problems_with(Level level, const OptionRow& row, std::string_view value) {
    return problems_of(file_with(level, row.name, value));
}

// ---- good files ---------------------------------------------------------------------------------

TEST(Examples, laboratory) {
    const Configuration c = loaded(std::string(kExamples) + "/laboratory.conf");
    EXPECT_EQ(c.application.node, "a");
    EXPECT_EQ(c.application.run_directory, "/run/tandem/a");
    EXPECT_EQ(c.application.state_directory, "/run/tandem/a/state");
    EXPECT_EQ(c.application.sip_address, address("10.77.0.10"));
    EXPECT_EQ(c.application.realm, "10.77.0.10");
    EXPECT_EQ(c.application.process_heartbeat_timeout_ms, 100U);
    EXPECT_EQ(c.dataplane.idle, Idle::Adaptive);
    EXPECT_EQ(c.dataplane.lcores, "0@(0,1)");
    EXPECT_THAT(c.dataplane.eal,
                testing::ElementsAre("--in-memory", "--file-prefix=tandem-a", "--no-pci"));
    ASSERT_EQ(c.ports.size(), 1U);
    EXPECT_EQ(c.ports[0].device,
              "net_af_packet0,iface=sip0,framesz=16384,blocksz=65536,framecnt=512");
    EXPECT_TRUE(c.ports[0].is_vdev);
    EXPECT_EQ(c.ports[0].address, address("10.77.0.1"));
    EXPECT_EQ(c.ports[0].gateway, address("10.77.0.254"));
}

TEST(Examples, laboratory_dns) {
    const Configuration c = loaded(std::string(kExamples) + "/laboratory.conf");
    ASSERT_EQ(c.dn_ranges.size(), 3U);
    EXPECT_EQ(dn_count(c.dn_ranges[0]), 10'100U);
    EXPECT_TRUE(c.dn_ranges[0].contact.learned);
    EXPECT_EQ(dn_count(c.dn_ranges[1]), 10U);
    EXPECT_EQ(password_of(c.dn_ranges[1], "1905"), "pw-1905");
    EXPECT_EQ(dn_count(c.dn_ranges[2]), 10U);
    EXPECT_EQ(c.dn_ranges[2].contact.target.address, address("10.77.0.101"));
    EXPECT_EQ(c.dn_ranges[2].contact.target.port, 5070);
    ASSERT_EQ(c.trunks.size(), 1U);
    EXPECT_EQ(c.trunks[0].name, "gw");
    EXPECT_EQ(c.trunks[0].prefix, "9");
    EXPECT_EQ(c.trunks[0].replace_prefix, "");
    EXPECT_EQ(c.trunks[0].contact.target.address, address("10.77.0.200"));
    EXPECT_EQ(c.trunks[0].contact.target.port, 5060);
}

TEST(Examples, bare_metal) {
    const Configuration c = loaded(std::string(kExamples) + "/bare-metal.conf");
    ASSERT_EQ(c.ports.size(), 1U);
    EXPECT_FALSE(c.ports[0].is_vdev);
    EXPECT_EQ(c.dataplane.hugepages, Hugepages::On);
    EXPECT_EQ(c.dataplane.idle, Idle::Poll);
    EXPECT_THAT(c.application.digest_algorithms, testing::ElementsAre(DigestAlgorithm::Sha256));
    ASSERT_EQ(c.trunks.size(), 3U);
    EXPECT_FALSE(c.trunks[0].replace_prefix.has_value());
    EXPECT_EQ(c.trunks[2].replace_prefix, "+49");
}

TEST(LoadFile, the_least_file_has_the_defaults) {
    const TemporaryFile file(kLeastFile);
    const Configuration c = loaded(file.path());
    EXPECT_EQ(c.file, file.path());
    EXPECT_EQ(c.application.sip_port, 5060);
    EXPECT_EQ(c.application.max_expires_s, 3600U);
    EXPECT_EQ(c.dn_ranges.at(0).ring_timeout_s, 60U);
    EXPECT_EQ(c.dn_ranges.at(0).realm, "10.77.0.10");
    EXPECT_EQ(c.dn_ranges.at(0).line, 3U);
    EXPECT_FALSE(c.ports.at(0).mac.has_value());
}

TEST(LoadFile, a_dn_overrides_the_application) {
    const TemporaryFile file(
        "dns = ( { type = \"Extension\"; numbers = \"1\"; contact = \"*\"; },\n"
        "  { type = \"Extension\"; numbers = \"2\"; contact = \"*\"; ring-timeout = 0; realm = "
        "\"r2\"; nat-contact = \"off\"; },\n"
        "  { type = \"Trunk\"; name = \"gw\"; contact = \"10.77.0.200\"; ring-timeout = 7; } );\n"
        "ports = ( { name = \"sip0\"; device = \"net_null0\"; address = \"10.77.0.1\"; } );\n"
        "application: { sip-address = \"10.77.0.10\"; ring-timeout = 20; realm = \"r\"; "
        "nat-contact = \"auto\"; max-contacts = 3; require-registration = true; };\n");
    const Configuration c = loaded(file.path());
    ASSERT_EQ(c.dn_ranges.size(), 2U);
    EXPECT_EQ(c.dn_ranges[0].ring_timeout_s, 20U);
    EXPECT_EQ(c.dn_ranges[0].realm, "r");
    EXPECT_EQ(c.dn_ranges[0].nat_contact, NatContact::Auto);
    EXPECT_EQ(c.dn_ranges[0].max_contacts, 3U);
    EXPECT_TRUE(c.dn_ranges[0].require_registration);
    EXPECT_EQ(c.dn_ranges[1].ring_timeout_s, 0U);
    EXPECT_EQ(c.dn_ranges[1].realm, "r2");
    EXPECT_EQ(c.dn_ranges[1].nat_contact, NatContact::Off);
    EXPECT_EQ(c.trunks.at(0).ring_timeout_s, 7U);
}

// ---- every row through a file -------------------------------------------------------------------

template <typename Check>
void for_each_row(Check check) {
    for (std::size_t i = 0; i < kLevelCount; ++i) {
        for (const OptionRow* row : rows_at(static_cast<Level>(i))) {
            check(static_cast<Level>(i), *row);
        }
    }
}

TEST(Rows, numbers_at_their_limits_load_and_beyond_are_refused) {
    for_each_row([](Level level, const OptionRow& row) {
        if (row.type != OptionType::Integer && row.type != OptionType::PowerOfTwo) {
            return;
        }
        for (const std::int64_t good : {row.minimum, row.maximum}) {
            EXPECT_THAT(problems_with(level, row, std::to_string(good)),
                        testing::Not(HasSubstr("is not allowed")))
                << row.name;
        }
        for (const std::int64_t bad : {row.minimum - 1, row.maximum + 1}) {
            EXPECT_THAT(
                problems_with(level, row, std::to_string(bad)),
                HasSubstr(fmt::format(
                    "{} = {} is not allowed; it must be {}\n", row.name, bad, allowed_text(row))))
                << row.name;
        }
    });
}

TEST(Rows, a_value_of_another_type_is_refused_on_its_line) {
    for_each_row([](Level level, const OptionRow& row) {
        for (const std::string_view bad : {"1.5", "{ }", "[ 1 ]", "( 1, \"x\" )", "\"\\n\""}) {
            const std::string problems = problems_with(level, row, bad);
            EXPECT_THAT(problems, HasSubstr(fmt::format("{} = ", row.name))) << bad;
            EXPECT_THAT(problems, HasSubstr("is not allowed")) << row.name << bad;
            EXPECT_THAT(problems, HasSubstr("2: ")) << row.name << bad;
        }
        if (row.type != OptionType::Boolean) {
            EXPECT_THAT(problems_with(level, row, "true"), HasSubstr("is not allowed")) << row.name;
        }
    });
}

TEST(Rows, every_choice_loads) {
    for_each_row([](Level level, const OptionRow& row) {
        if (row.type != OptionType::Choice && row.type != OptionType::ChoiceList) {
            return;
        }
        for (const std::string_view choice : split(row.choices, '|')) {
            if (row.name != "type") {
                EXPECT_EQ(problems_with(level, row, fmt::format("\"{}\"", choice)), "");
            }
        }
    });
}

TEST(Rows, the_default_loads) {
    for_each_row([](Level level, const OptionRow& row) {
        if (row.presence == Presence::Optional) {
            EXPECT_EQ(problems_with(level, row, default_text(row)), "") << row.name;
        }
    });
}

// ---- bad files ----------------------------------------------------------------------------------

struct BadFile {
    std::string_view text; // stands behind the least file: its first line is line 4
    std::string_view problems;
};

class BadFiles : public testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, say_what_is_wrong_and_what_is_allowed) {
    EXPECT_EQ(problems_of(std::string(kLeastFile) + std::string(GetParam().text)),
              GetParam().problems);
}

constexpr BadFile kBadFiles[] = {
    {"dataplane: {\n idel = \"poll\"; };",
     "5: dataplane: unknown option \"idel\"; did you mean \"idle\"?\n"},
    {"dataplane: { colour = 1; };",
     "4: dataplane: unknown option \"colour\"; allowed are: eal, lcores, hugepages, idle\n"},
    {"dataplane: { mtu = 1500; };",
     "4: dataplane: option \"mtu\" has no meaning here; it belongs in: ports\n"},
    {"dataplane: { ring-timeout = 5; };",
     "4: dataplane: option \"ring-timeout\" has no meaning here; it belongs in: application, "
     "Extension, Trunk\n"},
    {"aplication: { };",
     "4: unknown name \"aplication\" at the top of the file; did you mean \"application\"?\n"},
    {"sip-port = 5060;",
     "4: option \"sip-port\" stands at the top of the file; it belongs in: application\n"},
    {"dataplane = ( );",
     "4: dataplane = ( ... ) is not allowed; it must be a group of options in {}\n"},
    {"dataplane: { idle = \"sleep\"; };",
     "4: dataplane: idle = \"sleep\" is not allowed; it must be one of the strings poll, "
     "adaptive\n"},
    {"dataplane: { idle = poll; };",
     "4: syntax error; allowed is: name = value; with strings in quotes, groups in {}, lists in "
     "()\n"},
    {"dataplane: {\n eal = ( \"a\", 3 ); };",
     "5: dataplane: eal = ( ... ) is not allowed; it must be a list of strings of 1 to 255 "
     "characters: printable characters\n"},
    {"dataplane: { idle = \"poll\";\n idle = \"adaptive\"; };",
     "5: \"idle\" is given twice: here and on line 4; once is allowed\n"},
    {"ports = ( );", "4: \"ports\" is given twice: here and on line 2; once is allowed\n"},
    {"dataplane: {",
     "4: syntax error; allowed is: name = value; with strings in quotes, groups in "
     "{}, lists in ()\n"},
    {"x = [ 1, \"a\" ];",
     "4: mismatched element type in array; allowed is: name = value; with strings in quotes, "
     "groups in {}, lists in ()\n"},
    {"/* never closed", "4: the comment that starts here has no end\n"},
    {"dataplane: { lcores = \"0; };", "4: the string that starts here has no end\n"},
    {"@include \"/etc/passwd\"\n",
     "4: @include is not supported: a node is configured by one file\n"},
};

INSTANTIATE_TEST_SUITE_P(Table, BadFiles, testing::ValuesIn(kBadFiles));

class BadDns : public testing::TestWithParam<BadFile> {};

// Here `text` is the value of `dns`, its first line is line 3.
TEST_P(BadDns, say_what_is_wrong_and_what_is_allowed) {
    const std::string_view least = kLeastFile.substr(0, kLeastFile.find("dns"));
    EXPECT_EQ(problems_of(fmt::format("{}dns = {};", least, GetParam().text)), GetParam().problems);
}

constexpr BadFile kBadDns[] = {
    {"{ }",
     "3: dns = { ... } is not allowed; it must be a list of groups: dns = ( { ... }, "
     "{ ... } );\n"},
    {"( 1000 )", "3: DN = 1000 is not allowed; it must be a group of options in {}\n"},
    {"( { numbers = \"1000\"; contact = \"*\"; } )",
     "3: DN: \"type\" is missing; it must be one of the strings Extension, Trunk\n"},
    {"( { type = \"Queue\"; } )",
     "3: DN: type = \"Queue\" is not allowed; it must be one of the strings Extension, Trunk\n"},
    {"( { type = 1; } )",
     "3: DN: type = 1 is not allowed; it must be one of the strings Extension, Trunk\n"},
    {"( { type = \"Extension\"; } )",
     "3: Extension: \"numbers\" is missing; it must be a string with numbers, ranges and names "
     "such as 1000-1099,1200,alice\n"
     "3: Extension: \"contact\" is missing; it must be \"*\" or a string with an IPv4 address, "
     "address:port or SIP URI such as sip:1200@192.0.2.1:5060\n"},
    {"( { type = \"Extension\"; numbers = 1000; contact = \"*\"; } )",
     "3: Extension: numbers = 1000 is not allowed; it must be a string with numbers, ranges and "
     "names such as 1000-1099,1200,alice\n"},
    {"( { type = \"Extension\"; numbers = \"1099-1000\"; contact = \"*\"; } )",
     "3: Extension \"1099-1000\": numbers = \"1099-1000\" is not allowed: \"1099-1000\" runs "
     "backwards; it must be a string with numbers, ranges and names such as "
     "1000-1099,1200,alice\n"},
    {"( { type = \"Extension\"; numbers = \"1\"; contact = \"gw.example.com\"; } )",
     "3: Extension \"1\": contact = \"gw.example.com\" is not allowed: host names are not resolved "
     "and only UDP is used; it must be \"*\" or a string with an IPv4 address, address:port or SIP "
     "URI such as sip:1200@192.0.2.1:5060\n"},
    {"( { type = \"Extension\"; numbers = \"1\"; contact = \"*\"; prefix = \"9\"; } )",
     "3: Extension \"1\": option \"prefix\" has no meaning here; it belongs in: Trunk\n"},
    {"( { type = \"Extension\"; numbers = \"1\"; contact = \"*\"; password = \"\"; } )",
     "3: Extension \"1\": password = ... is not allowed; it must be a string of 1 to 128 "
     "characters: printable characters\n"},
    {"( { type = \"Trunk\"; name = \"gw\"; contact = \"*\"; } )",
     "3: Trunk \"gw\": contact = \"*\" is not allowed: a trunk does not register; it must be a "
     "string with an IPv4 address, address:port or SIP URI such as sip:192.0.2.1:5060\n"},
    {"( { type = \"Trunk\"; name = \"gw\"; contact = \"10.0.0.1\"; password = \"x\"; } )",
     "3: Trunk \"gw\": option \"password\" has no meaning here; it belongs in: Extension\n"},
    {"( { type = \"Trunk\"; name = \"gw\"; contact = \"10.0.0.1\"; replace_prefix = \"x\"; } )",
     "3: Trunk \"gw\": unknown option \"replace_prefix\"; did you mean \"replace-prefix\"?\n"},
    {"( { type = \"Trunk\"; name = \"a\\nb\"; contact = \"10.0.0.1\"; } )",
     "3: Trunk \"a?b\": name = \"a?b\" is not allowed; it must be a string of 1 to 32 characters: "
     "letters, digits and ._-\n"},
};

INSTANTIATE_TEST_SUITE_P(Table, BadDns, testing::ValuesIn(kBadDns));

TEST(LoadFile, all_problems_are_reported_in_the_order_of_lines) {
    EXPECT_EQ(problems_of("dns = ( { type = \"Trunk\"; } );\n"
                          "dataplane: { idle = 1; };\n"
                          "application: {\n sip-port = 0;\n realm = \"a\\\\b\";\n};\n"
                          "ports = ( {\n mtu = 1; } );\n"),
              "1: Trunk: \"name\" is missing; it must be a string of 1 to 32 characters: letters, "
              "digits and ._-\n"
              "1: Trunk: \"contact\" is missing; it must be a string with an IPv4 address, "
              "address:port or SIP URI such as sip:192.0.2.1:5060\n"
              "2: dataplane: idle = 1 is not allowed; it must be one of the strings poll, "
              "adaptive\n"
              "3: application: \"sip-address\" is missing; it must be a string with a unicast IPv4 "
              "address such as 192.0.2.1\n"
              "4: application: sip-port = 0 is not allowed; it must be a whole number from 1 to "
              "65535\n"
              "5: application: realm = \"a\\b\" is not allowed; it must be a string of 1 to 64 "
              "characters: printable characters but quote and backslash\n"
              "7: port: \"name\" is missing; it must be a string of 1 to 32 characters: letters, "
              "digits and ._-\n"
              "7: port: \"device\" is missing; it must be a string of 1 to 255 characters: a PCI "
              "address such as 0000:01:00.0 or a vdev such as net_af_packet0,iface=sip0\n"
              "7: port: \"address\" is missing; it must be a string with a unicast IPv4 address "
              "such as 192.0.2.1\n"
              "8: port: mtu = 1 is not allowed; it must be a whole number from 576 to 9000 "
              "(bytes)\n");
}

TEST(LoadFile, an_empty_file_lacks_an_address_and_a_port) {
    EXPECT_EQ(problems_of(""),
              "0: application: \"sip-address\" is missing; it must be a string with a unicast IPv4 "
              "address such as 192.0.2.1\n"
              "0: no port: a list such as ports = ( { name = \"sip0\"; device = ...; address = "
              "...; } ); with at least one element is needed\n");
}

TEST(LoadFile, no_file) {
    const auto missing = load_file("/no/such/tandem.conf");
    ASSERT_FALSE(missing);
    EXPECT_EQ(problems_text(missing.error()),
              "/no/such/tandem.conf: cannot open the file: No such file or directory\n");
    const auto directory = load_file("/tmp");
    ASSERT_FALSE(directory);
    EXPECT_EQ(problems_text(directory.error()),
              "/tmp: is a directory; a configuration file is needed\n");
}

// ---- garbage and size ---------------------------------------------------------------------------

TEST(Garbage, long_values_are_cut_in_messages) {
    const std::string problems =
        problems_of(file_with(Level::Dataplane, "idle", "\"" + std::string(100'000, 'x') + "\""));
    EXPECT_EQ(problems,
              "2: dataplane: idle = \"" + std::string(60, 'x') +
                  "\"... is not allowed; it must be one of the strings poll, adaptive\n");
}

TEST(Garbage, ten_megabytes_of_each_byte) {
    constexpr std::size_t kBytes = 10'000'000;
    for (int byte = 0; byte < 256; ++byte) {
        const std::string text(kBytes / 64, static_cast<char>(byte));
        EXPECT_NE(problems_of(text), "") << byte;
    }
    for (const char byte : {'\0', '(', '{', '"', 'a', '1', '\xff', '\n', '*'}) {
        EXPECT_NE(problems_of(std::string(kBytes, byte)), "") << byte;
    }
}

TEST(Garbage, ten_megabytes_of_settings) {
    std::string text = "application: {\n";
    for (std::size_t i = 0; text.size() < 10'000'000; ++i) {
        text += fmt::format("a{} = {};\n", i, i);
    }
    EXPECT_EQ(problems_of(text), "202: more than 200 options in one group\n");
}

TEST(Garbage, ten_megabytes_of_random_bytes) {
    std::string text;
    text.resize(10'000'000);
    std::uint64_t state = 42;
    for (char& c : text) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        c = static_cast<char>(' ' + ((state >> 33U) % 95U));
    }
    EXPECT_NE(problems_of(text), "");
}

TEST(Garbage, a_good_file_cut_at_every_byte) {
    for (std::size_t length = 0; length < kLeastFile.size(); ++length) {
        problems_of(kLeastFile.substr(0, length)); // no crash; some cuts still load
    }
}

TEST(Garbage, a_good_file_with_every_byte_replaced) {
    for (std::size_t i = 0; i < kLeastFile.size(); ++i) {
        for (const char c : {'\0', '"', '{', '}', ')', ';', '9', '\xff'}) {
            std::string text(kLeastFile);
            text[i] = c;
            problems_of(text); // no crash
        }
    }
}

TEST(Garbage, more_problems_than_are_kept) {
    std::string text = "dns = (\n";
    for (int i = 0; i < 5'000; ++i) {
        text += "{ type = 1; },\n";
    }
    const TemporaryFile file(text + "{ type = 1; } );");
    const auto result = load_file(file.path());
    ASSERT_FALSE(result);
    ASSERT_EQ(result.error().size(), kProblemsMax + 1);
    EXPECT_THAT(result.error().back().text, testing::EndsWith("more problems"));
}

TEST(Size, two_hundred_thousand_dns_one_by_one) {
    std::string text = "application: { sip-address = \"10.77.0.10\"; };\n"
                       "ports = ( { name = \"p\"; device = \"net_null0\"; address = "
                       "\"10.77.0.1\"; } );\ndns = (\n";
    constexpr int kDns = 200'000;
    for (int i = 0; i < kDns; ++i) {
        text += fmt::format("{}{{ type = \"Extension\"; numbers = \"{}\"; contact = \"*\"; }}\n",
                            i == 0 ? " " : ",",
                            1'000'000 + i);
    }
    const TemporaryFile file(text + ");\n");
    const Configuration c = loaded(file.path());
    EXPECT_EQ(c.dn_ranges.size(), static_cast<std::size_t>(kDns));
    EXPECT_EQ(dn_count(c), static_cast<std::uint64_t>(kDns));
    EXPECT_EQ(c.dn_ranges.back().line, static_cast<std::uint32_t>(kDns) + 3U);
}

} // namespace
} // namespace tandem::config
