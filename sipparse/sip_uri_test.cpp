// SPDX-License-Identifier: Apache-2.0
//
// SIP URIs: parts, refusals, and the comparison examples of RFC 3261 19.1.4.
#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/sip_uri.hpp"

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

TEST(SipUriTest, EquivalentByTheRfc) {
    EXPECT_TRUE(
        equal("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
    EXPECT_TRUE(equal("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
    EXPECT_TRUE(equal("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"));
    EXPECT_TRUE(equal("sip:a@b;l%72", "sip:a@b;lr"));
    EXPECT_TRUE(equal("sip:a@b;x;x=1", "sip:a@b;x;x=2")); // the first counts
}

TEST(SipUriTest, DifferentByTheRfc) {
    EXPECT_FALSE(equal("sip:ALICE@AtLanTa.CoM", "sip:alice@AtLanTa.CoM"));
    EXPECT_FALSE(equal("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
    EXPECT_FALSE(equal("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
    EXPECT_FALSE(equal("sip:bob@biloxi.com", "sips:bob@biloxi.com"));
    EXPECT_FALSE(equal("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
    EXPECT_FALSE(equal("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next"));
    EXPECT_FALSE(equal("sip:chicago.com", "sip:carol@chicago.com"));
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
