// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/option_list.cpp: values, sources and what is hidden.
#include <algorithm>
#include <gtest/gtest.h>

#include "config/option_list.hpp"
#include "config/option_table.hpp"
#include "config/temporary_file.hpp"

namespace tandem::config {
namespace {

constexpr std::string_view kFile =
    "application: { sip-address = \"10.77.0.10\";\n"
    "  ring-timeout = 20; };\n"
    "ports = ( { name = \"sip0\"; device = \"net_null0\"; address = \"10.77.0.1\"; } );\n"
    "dns = ( { type = \"Extension\"; numbers = \"1900-1909,alice\"; contact = \"*\";\n"
    "          password = \"pw-<number>\"; },\n"
    "        { type = \"Extension\"; numbers = \"2000\"; contact = \"*\"; ring-timeout = 0; },\n"
    "        { type = \"Trunk\"; name = \"gw\"; contact = \"10.77.0.200\"; prefix = \"9\";\n"
    "          replace-prefix = \"\"; } );\n";

class OptionList : public testing::Test {
  protected:
    OptionList() : file_(kFile) {
        auto loaded = load_file(file_.path());
        EXPECT_TRUE(loaded);
        if (loaded) {
            configuration_ = *loaded;
        }
    }

    // "object value source", with the path of the file left out.
    [[nodiscard]] std::string entry(const std::vector<OptionStatus>& list,
                                    std::string_view name) const {
        const auto found = std::find_if(
            list.begin(), list.end(), [name](const auto& option) { return option.name == name; });
        if (found == list.end()) {
            return "";
        }
        std::string source = found->source;
        if (source.starts_with(file_.path())) {
            source.erase(0, file_.path().size());
        }
        return found->object + " [" + found->value + "] " + source;
    }

    TemporaryFile file_;
    Configuration configuration_;
};

TEST_F(OptionList, has_every_row_of_its_levels) {
    EXPECT_EQ(options(configuration_).size(),
              rows_at(Level::Application).size() + rows_at(Level::Dataplane).size() +
                  rows_at(Level::Port).size());
}

TEST_F(OptionList, values_and_sources) {
    const std::vector<OptionStatus> list = options(configuration_);
    EXPECT_EQ(entry(list, "ring-timeout"), "application [20] :2");
    EXPECT_EQ(entry(list, "sip-port"), "application [5060] default");
    EXPECT_EQ(entry(list, "realm"), "application [10.77.0.10] default");
    EXPECT_EQ(entry(list, "idle"), "dataplane [poll] default");
    EXPECT_EQ(entry(list, "device"), "port sip0 [net_null0] :3");
    EXPECT_EQ(entry(list, "mac"), "port sip0 [] default");
    EXPECT_EQ(entry(list, "digest-algorithms"), "application [SHA-256,MD5] default");
}

TEST_F(OptionList, describes_each_option) {
    const std::vector<OptionStatus> list = options(configuration_);
    const auto ring = std::find_if(
        list.begin(), list.end(), [](const auto& option) { return option.name == "ring-timeout"; });
    ASSERT_NE(ring, list.end());
    EXPECT_EQ(ring->takes_effect, "next call");
    EXPECT_EQ(ring->default_value, "60");
    EXPECT_EQ(ring->allowed, "a whole number from 0 to 600 (s)");
    EXPECT_FALSE(ring->help.empty());
}

TEST_F(OptionList, a_dn_shows_what_it_inherits_and_hides_its_password) {
    const std::vector<OptionStatus> list = dn_options(configuration_, "1905");
    EXPECT_EQ(entry(list, "ring-timeout"), "dn 1900-1909,alice [20] application");
    EXPECT_EQ(entry(list, "max-calls"), "dn 1900-1909,alice [0] default");
    EXPECT_EQ(entry(list, "password"), "dn 1900-1909,alice [********] :5");
    EXPECT_EQ(entry(dn_options(configuration_, "2000"), "ring-timeout"), "dn 2000 [0] :6");
    EXPECT_EQ(entry(dn_options(configuration_, "2000"), "password"), "dn 2000 [] default");
}

TEST_F(OptionList, a_trunk) {
    const std::vector<OptionStatus> list = dn_options(configuration_, "gw");
    EXPECT_EQ(entry(list, "contact"), "trunk gw [10.77.0.200:5060] :7");
    EXPECT_EQ(entry(list, "replace-prefix"), "trunk gw [] :8");
    EXPECT_EQ(entry(list, "priority"), "trunk gw [0] default");
}

TEST_F(OptionList, dns_that_exist_and_that_do_not) {
    for (const std::string_view number : {"1900", "1909", "alice", "2000", "gw"}) {
        EXPECT_FALSE(dn_options(configuration_, number).empty()) << number;
    }
    for (const std::string_view number : {"1899", "1910", "01900", "bob", "", "19:0", "190"}) {
        EXPECT_TRUE(dn_options(configuration_, number).empty()) << number;
    }
}

} // namespace
} // namespace tandem::config
