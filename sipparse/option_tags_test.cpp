// SPDX-License-Identifier: Apache-2.0
//
// Option tags over several lines, and the first that is not supported.
#include <array>
#include <span>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/option_tags.hpp"

namespace tandem::sipparse {

namespace {

TEST(OptionTagsTest, NamesInAnyCase) {
    EXPECT_EQ(find_option_tag("100REL"), OptionTag::Reliable100);
    EXPECT_EQ(find_option_tag("early-session"), OptionTag::EarlySession);
    EXPECT_FALSE(find_option_tag(""));
    EXPECT_FALSE(find_option_tag("100re"));
    EXPECT_EQ(option_tag_name(OptionTag::Timer), "timer");
}

TEST(OptionTagsTest, SetOverAllLines) {
    const IndexedMessage message(
        sample_invite("Supported: 100rel, x-strange\r\nk: timer\r\nRequire: path\r\n"));
    const OptionTagSet tags = option_tags(message.view(), HeaderId::Supported);
    EXPECT_TRUE(tags.has(OptionTag::Reliable100));
    EXPECT_TRUE(tags.has(OptionTag::Timer));
    EXPECT_FALSE(tags.has(OptionTag::Path));
    EXPECT_FALSE(tags.has(OptionTag::Replaces));
    EXPECT_TRUE(option_tags(message.view(), HeaderId::ProxyRequire).empty());
}

TEST(OptionTagsTest, FirstUnsupported) {
    const IndexedMessage message(
        sample_invite("Require: 100rel, replaces\r\nRequire: odd, timer\r\n"));
    OptionTagSet supported;
    supported.add(OptionTag::Reliable100).add(OptionTag::Timer);
    EXPECT_EQ(first_unsupported(message.view(), HeaderId::Require, supported), "replaces");
    supported.add(OptionTag::Replaces);
    EXPECT_EQ(first_unsupported(message.view(), HeaderId::Require, supported), "odd");
    EXPECT_FALSE(first_unsupported(message.view(), HeaderId::ProxyRequire, supported));
}

TEST(OptionTagsTest, UnsupportedOfBothHeadersAsFarAsTheyFit) {
    const IndexedMessage message(
        sample_invite("Proxy-Require: strange\r\nRequire: 100rel, replaces\r\nRequire: odd\r\n"));
    OptionTagSet supported;
    supported.add(OptionTag::Reliable100);
    constexpr std::string_view kAll = "replaces, odd, strange";
    std::array<char, kAll.size()> out;
    EXPECT_EQ(write_unsupported(message.view(), supported, out), kAll);
    EXPECT_EQ(write_unsupported(message.view(), supported, std::span(out).first(kAll.size() - 1)),
              "replaces, odd");
    EXPECT_EQ(write_unsupported(message.view(), supported, std::span(out).first(7)), "");
    const IndexedMessage modest(sample_invite("Require: 100rel\r\n"));
    EXPECT_EQ(write_unsupported(modest.view(), supported, out), "");
}

} // namespace

} // namespace tandem::sipparse
