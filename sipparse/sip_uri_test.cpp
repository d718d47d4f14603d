// SPDX-License-Identifier: Apache-2.0
//
// SIP URIs: parts, refusals, and the comparison examples of RFC 3261 19.1.4.
#include <array>
#include <string>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/sip_uri.hpp"
#include "sipparse/uri_parts.hpp"

namespace tandem::sipparse {

namespace {

TEST(SipUriTest, EveryPart) {
    const auto uri = parse_sip_uri(
        "sips:alice:secret@10.77.0.1:5061;transport=tcp;maddr=1.2.3.4;lr;x=y?subject=a&b=c");
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->scheme, UriScheme::Sips);
    EXPECT_EQ(uri->user, "alice");
    EXPECT_EQ(uri->password, "secret");
    EXPECT_EQ(uri->host, "10.77.0.1");
    EXPECT_EQ(uri->port, 5061);
    EXPECT_EQ(uri->transport(), "tcp");
    EXPECT_EQ(uri->maddr(), "1.2.3.4");
    EXPECT_TRUE(uri->lr());
    EXPECT_EQ(uri->param("X"), "y");
    EXPECT_EQ(uri->headers, "subject=a&b=c");
}

TEST(SipUriTest, AbsentParts) {
    const auto uri = parse_sip_uri("SIP:example.com");
    ASSERT_TRUE(uri);
    EXPECT_FALSE(uri->has_user);
    EXPECT_EQ(uri->port, 0);
    EXPECT_FALSE(uri->lr());
    EXPECT_TRUE(uri->transport().empty());
    EXPECT_TRUE(uri->maddr().empty());
}

TEST(SipUriTest, NamesOfParametersMayBeEscaped) {
    const auto uri = parse_sip_uri("sip:a@b;%6C%72;n%61me=v%61lue%25%34%31;m%61ddr=192.0.2.1");
    ASSERT_TRUE(uri);
    EXPECT_TRUE(uri->lr());
    EXPECT_EQ(uri->param("NAME"), "v%61lue%25%34%31"); // a value as it is written
    EXPECT_EQ(uri->maddr(), "192.0.2.1");
    EXPECT_FALSE(uri->param("l%72x"));
    EXPECT_FALSE(parse_sip_uri("sip:a@b;%256C%72")->lr()); // decoded once
}

TEST(SipUriTest, TheUserMayHoldSemicolonsAndQuestionMarks) {
    const auto uri = parse_sip_uri("sip:user;par=u%40example.net@example.com");
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->user, "user;par=u%40example.net");
    const auto wild = parse_sip_uri(
        "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too."
        "(doesn't-it)@example.com");
    ASSERT_TRUE(wild);
    EXPECT_EQ(wild->user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
}

TEST(SipUriTest, Ipv6) {
    EXPECT_EQ(parse_sip_uri("sip:[2001:db8::10]:5070")->port, 5070);
    EXPECT_EQ(parse_sip_uri("sip:[2001:db8::10:5070]")->port, 0);
    EXPECT_FALSE(parse_sip_uri("sip:2001:db8::10"));
}

TEST(SipUriTest, GarbageIsRefused) {
    for (const char* text : {"",
                             "sip",
                             "sip:",
                             "tel:+49",
                             "http://x",
                             ":a@b",
                             "sip:@b",
                             "sip:a@",
                             "sip:a@b:",
                             "sip:a@b:0",
                             "sip:a@b:65536",
                             "sip:a@b;",
                             "sip:a@b;;lr",
                             "sip:a@b;x=",
                             "sip:a b@c",
                             "sip:a@b; lr",
                             "sip:a%4@b",
                             "sip:a%zz@b",
                             "sip:<a>@b",
                             "sip:a@b@c",
                             "sip:a\"@b",
                             "1sip:a@b",
                             "sip:\x01@b",
                             "sip::pw@b"}) {
        EXPECT_FALSE(parse_sip_uri(text)) << text;
    }
}

TEST(SipUriTest, Schemes) {
    EXPECT_EQ(uri_scheme("sip:a"), UriScheme::Sip);
    EXPECT_EQ(uri_scheme("SIPS:a"), UriScheme::Sips);
    EXPECT_EQ(uri_scheme("tel:1"), UriScheme::Tel);
    EXPECT_EQ(uri_scheme("soap.beep://x"), UriScheme::Other);
    EXPECT_EQ(uri_scheme("nocolon"), UriScheme::None);
    EXPECT_EQ(uri_scheme(":x"), UriScheme::None);
    EXPECT_EQ(uri_scheme("s p:x"), UriScheme::None);
}

TEST(SipUriTest, UsersCompareDecoded) {
    EXPECT_TRUE(user_equals("%61lice", "alice"));
    EXPECT_TRUE(user_equals("a%4a", "aJ"));
    EXPECT_FALSE(user_equals("Alice", "alice"));
    EXPECT_FALSE(user_equals("%00", ""));
    EXPECT_FALSE(user_equals("a", "ab"));
}

bool equal(std::string_view left, std::string_view right) {
    const auto a = parse_sip_uri(left);
    const auto b = parse_sip_uri(right);
    EXPECT_TRUE(a) << left;
    EXPECT_TRUE(b) << right;
    return a && b && uri_equals(*a, *b) && uri_equals(*b, *a);
}

struct Pair {
    std::string_view left;
    std::string_view right;
};

TEST(SipUriTest, EquivalentByTheRfc) {
    constexpr auto kPairs = std::to_array<Pair>({
        {"sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"},
        {"sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"},
        {"sip:carol@chicago.com", "sip:carol@chicago.com;security=on"},
        {"sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"},
        {"sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
         "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"},
        {"sip:alice@atlanta.com?subject=project%20x&priority=urgent",
         "sip:alice@atlanta.com?priority=urgent&subject=project%20x"},
    });
    for (const Pair& pair : kPairs) {
        EXPECT_TRUE(equal(pair.left, pair.right)) << pair.left << " and " << pair.right;
    }
}

TEST(SipUriTest, DifferentByTheRfc) {
    constexpr auto kPairs = std::to_array<Pair>({
        {"SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"},
        {"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"},
        {"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"},
        {"sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"},
        {"sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"},
        {"sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"},
    });
    for (const Pair& pair : kPairs) {
        EXPECT_FALSE(equal(pair.left, pair.right)) << pair.left << " and " << pair.right;
    }
}

TEST(SipUriTest, EqualityIsNotTransitive) { // 19.1.4
    EXPECT_TRUE(equal("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
    EXPECT_TRUE(equal("sip:carol@chicago.com", "sip:carol@chicago.com;security=off"));
    EXPECT_FALSE(equal("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

TEST(SipUriTest, WhatElseMakesUrisDifferent) {
    EXPECT_FALSE(equal("sip:bob@biloxi.com", "sips:bob@biloxi.com"));
    EXPECT_FALSE(equal("sip:chicago.com", "sip:carol@chicago.com"));
    EXPECT_FALSE(equal("sip:a:b@c", "sip:a:B@c"));
    for (const std::string_view param :
         {"user=phone", "ttl=1", "method=INVITE", "maddr=192.0.2.1"}) {
        EXPECT_FALSE(equal("sip:a@b", "sip:a@b;" + std::string(param))) << param;
    }
}

TEST(SipUriTest, ParametersCompareByTheFirstOfAName) {
    EXPECT_TRUE(equal("sip:a@b;l%72", "sip:a@b;lr"));
    EXPECT_TRUE(equal("sip:a@b;x;x=1", "sip:a@b;x;x=2"));
    EXPECT_FALSE(equal("sip:a@b;x=1;x", "sip:a@b;x;x=1"));
}

TEST(SipUriTest, AnEscapedReservedCharacterIsNotTheBareOne) {
    EXPECT_TRUE(equal("sip:%7e%2d@b", "sip:~-@b"));
    EXPECT_TRUE(equal("sip:a%3bb@c", "sip:a%3Bb@c"));
    for (const char c : std::string_view(";?/&=+$,")) { // the colon begins a password, "@" the host
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        const auto code = static_cast<unsigned char>(c);
        const std::string escaped = {'%', kDigits[code / 16U], kDigits[code % 16U]};
        EXPECT_FALSE(equal("sip:a" + escaped + "@b", std::string("sip:a") + c + "@b")) << escaped;
    }
    EXPECT_TRUE(equal("sip:a@b;x=%41", "sip:a@b;x=a"));
    EXPECT_FALSE(equal("sip:a@b;x=%2f", "sip:a@b;x=/"));
}

TEST(SipUriTest, HeadersCompareInAnyOrderAndAllOfThem) {
    EXPECT_TRUE(equal("sip:b?A=%41b&c=", "sip:b?c=&a=Ab"));
    EXPECT_TRUE(equal("sip:b?route=%3cx%3e&route=%3Cy%3E", "sip:b?route=%3cy%3e&Route=%3cx%3e"));
    EXPECT_FALSE(equal("sip:b?a=1&a=1", "sip:b?a=1&a=2"));
    EXPECT_FALSE(equal("sip:b?a=1&a=1&b=2", "sip:b?a=1&b=2&b=2"));
    EXPECT_FALSE(equal("sip:b?a=1", "sip:b?a=1&b=2"));
    EXPECT_FALSE(equal("sip:b?subject=A", "sip:b?subject=a"));
    EXPECT_FALSE(equal("sip:b?a=1%26b=2", "sip:b?a=1&b=2")); // an escaped "&" separates nothing
    EXPECT_FALSE(equal("sip:b?to=sip:a%40b", "sip:b?to=sip:a@b"));
    EXPECT_FALSE(equal("sip:b?a", "sip:b?a="));
    EXPECT_FALSE(equal("sip:b?a=1", "sip:b?a=1&"));
    EXPECT_TRUE(equal("sip:b?", "sip:b"));
}

// "sip:u@b" with that many parameters or headers, the first one in front or at the end.
std::string with_parts(std::size_t count, char before, char between, bool first_at_end) {
    std::string text = "sip:u@b";
    for (std::size_t i = 0; i < count; ++i) {
        text += i == 0 ? before : between;
        text += 'p' + std::to_string((i + (first_at_end ? 1 : 0)) % count) + "=v";
    }
    return text;
}

TEST(SipUriTest, BeyondTheBoundOnlyTheSameTextIsEqual) {
    constexpr std::size_t kMore = kUriPartsMax + 1;
    for (const char before : {';', '?'}) {
        const char between = before == '?' ? '&' : before;
        const auto uri = [before, between](std::size_t count, bool first_at_end) {
            return with_parts(count, before, between, first_at_end);
        };
        EXPECT_TRUE(equal(uri(kUriPartsMax, false), uri(kUriPartsMax, true))) << before;
        EXPECT_FALSE(equal(uri(kMore, false), uri(kMore, true))) << before;
        EXPECT_TRUE(equal(uri(kMore, false), uri(kMore, false))) << before;
        EXPECT_FALSE(equal(uri(kMore, false), uri(kMore, false).replace(4, 1, "%75"))) << before;
    }
    EXPECT_FALSE(equal(with_parts(kMore, ';', ';', false), "sip:u@b")); // the 33 are unknown ones
}

TEST(SipUriTest, EveryCutIsBorne) {
    for_each_cut("sip:%61:pw@[2001:db8::1]:5060;lr;x=%41?h=v", [](std::string_view cut) {
        const auto uri = parse_sip_uri(cut);
        EXPECT_TRUE(!uri || !uri->host.empty());
        (void)user_equals(cut, "sip:a");
    });
}

} // namespace

} // namespace tandem::sipparse
