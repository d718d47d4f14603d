// SPDX-License-Identifier: Apache-2.0
//
// Telephone numbers and when they are the same (RFC 3966 4).
#include <string>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/tel_uri.hpp"
#include "sipparse/uri_parts.hpp"

namespace tandem::sipparse {

namespace {

TEST(TelUriTest, Global) {
    const auto uri = parse_tel_uri("tel:+1-201-555-0123;ext=22;isub=1%20a;x=y");
    ASSERT_TRUE(uri);
    EXPECT_TRUE(uri->is_global);
    EXPECT_EQ(uri->number, "+1-201-555-0123");
    EXPECT_EQ(uri->extension, "22");
    EXPECT_EQ(uri->subaddress, "1%20a");
    EXPECT_EQ(uri->params.value("x"), "y");
}

TEST(TelUriTest, Local) {
    const auto uri = parse_tel_uri("TEL:7042*a;phone-context=example.com");
    ASSERT_TRUE(uri);
    EXPECT_FALSE(uri->is_global);
    EXPECT_EQ(uri->context, "example.com");
    EXPECT_EQ(parse_tel_uri("tel:863-1234;phone-context=+1-914-555")->context, "+1-914-555");
}

TEST(TelUriTest, Malformed) {
    for (const std::string_view text : {"",
                                        "tel:",
                                        "tel:+",
                                        "tel:+-",
                                        "sip:+1",
                                        "tel:7042",
                                        "tel:7042;phone-context=",
                                        "tel:7042;phone-context=+x",
                                        "tel:+1;phone-context=a",
                                        "tel:+1a",
                                        "tel:+1;ext=x",
                                        "tel:+1;",
                                        "tel:+1;x=\"a b\"",
                                        "tel:7 042;phone-context=a"}) {
        EXPECT_FALSE(parse_tel_uri(text)) << text;
    }
}

TEST(TelUriTest, Equality) {
    const auto equal = [](std::string_view left, std::string_view right) {
        return tel_equals(*parse_tel_uri(left), *parse_tel_uri(right));
    };
    EXPECT_TRUE(equal("tel:+1-201-555-0123", "tel:+1(201)555.0123"));
    EXPECT_TRUE(equal("tel:+1;a=b;ext=1-2", "tel:+1;ext=12;A=B"));
    EXPECT_TRUE(equal("tel:7a;phone-context=+1-2", "tel:7A;phone-context=+12"));
    EXPECT_FALSE(equal("tel:7;phone-context=a.b", "tel:7;phone-context=ab"));
    EXPECT_FALSE(equal("tel:+1", "tel:1;phone-context=+1"));
    EXPECT_TRUE(equal("tel:+1;x;x=1", "tel:+1;x;x=2")); // the first counts
    EXPECT_FALSE(equal("tel:+12", "tel:+1"));
    EXPECT_FALSE(equal("tel:+1;a=b", "tel:+1"));
    EXPECT_FALSE(equal("tel:+1", "tel:+1;ext=1"));
}

// tel:+1 with that many parameters p0, p1 ..., the first one in front or at the end.
std::string with_params(std::size_t count, bool first_at_end, std::string_view number = "tel:+1") {
    std::string text(number);
    for (std::size_t i = 0; i < count; ++i) {
        text += ";p" + std::to_string((i + (first_at_end ? 1 : 0)) % count) + "=v";
    }
    return text;
}

TEST(TelUriTest, BeyondTheBoundOnlyTheSameTextIsEqual) {
    const auto equal = [](const std::string& left, const std::string& right) {
        return tel_equals(*parse_tel_uri(left), *parse_tel_uri(right)) &&
               tel_equals(*parse_tel_uri(right), *parse_tel_uri(left));
    };
    EXPECT_TRUE(equal(with_params(kUriPartsMax, false), with_params(kUriPartsMax, true)));
    constexpr std::size_t kMore = kUriPartsMax + 1;
    EXPECT_FALSE(equal(with_params(kMore, false), with_params(kMore, true)));
    EXPECT_FALSE(equal(with_params(kMore, false), with_params(kMore, false, "tel:+-1")));
    EXPECT_TRUE(equal(with_params(kMore, false), with_params(kMore, false)));
}

TEST(TelUriTest, EveryCutIsBorne) {
    for_each_cut("tel:7042;phone-context=+1-2;ext=1;isub=x",
                 [](std::string_view cut) { static_cast<void>(parse_tel_uri(cut)); });
}

} // namespace

} // namespace tandem::sipparse
