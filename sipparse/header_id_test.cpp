// SPDX-License-Identifier: Apache-2.0
//
// Every row of the header table is found by name and compact form in any case, and nothing else is.
#include <algorithm>
#include <string>

#include "gtest/gtest.h"

#include "sipparse/header_id.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

std::string upper(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
    });
    return result;
}

TEST(HeaderIdTest, EveryNameIsFoundInAnyCase) {
    for (std::size_t row = 1; row < kHeaderRows.size(); ++row) {
        const HeaderRow& header = kHeaderRows[row];
        const ExactText exact(header.name);
        EXPECT_EQ(find_header_id(exact.text()), header.id) << header.name;
        EXPECT_EQ(find_header_id(upper(header.name)), header.id) << header.name;
        EXPECT_EQ(header_name(header.id), header.name);
        if (header.compact != 0) {
            const std::string compact(1, header.compact);
            EXPECT_EQ(find_header_id(compact), header.id);
            EXPECT_EQ(find_header_id(upper(compact)), header.id);
        }
    }
}

TEST(HeaderIdTest, NeighboursOfNamesAreOther) {
    for (std::size_t row = 1; row < kHeaderRows.size(); ++row) {
        const std::string name(kHeaderRows[row].name);
        for (std::size_t i = 0; i < name.size(); ++i) {
            for (const char c : {'\x0d', '_', '0', '\x00', '\x7f'}) {
                std::string wrong = name;
                wrong[i] = c;
                EXPECT_EQ(find_header_id(wrong), HeaderId::Other) << name << " at " << i;
            }
        }
        EXPECT_EQ(find_header_id(name + "x"), HeaderId::Other);
        EXPECT_EQ(find_header_id(name + std::string(1, '\0')), HeaderId::Other);
    }
}

TEST(HeaderIdTest, UnknownNamesAreOther) {
    EXPECT_EQ(find_header_id(""), HeaderId::Other);
    EXPECT_EQ(find_header_id("z"), HeaderId::Other);
    EXPECT_EQ(find_header_id("X-Call-Token"), HeaderId::Other);
    EXPECT_EQ(find_header_id(std::string(300, 'a')), HeaderId::Other);
}

TEST(HeaderIdTest, FormsOfTheRfcs) {
    EXPECT_EQ(find_header_id("x"), HeaderId::SessionExpires);
    EXPECT_EQ(find_header_id("k"), HeaderId::Supported);
    EXPECT_EQ(find_header_id("o"), HeaderId::Event);
    EXPECT_EQ(find_header_id("r"), HeaderId::ReferTo);
    EXPECT_EQ(find_header_id("b"), HeaderId::ReferredBy);
    EXPECT_EQ(find_header_id("u"), HeaderId::AllowEvents);
    EXPECT_TRUE(header_row(HeaderId::Via).is_list);
    EXPECT_FALSE(header_row(HeaderId::WwwAuthenticate).is_list);
    EXPECT_TRUE(header_row(HeaderId::CSeq).is_singleton);
    EXPECT_FALSE(header_row(HeaderId::Contact).is_singleton);
}

} // namespace

} // namespace tandem::sipparse
