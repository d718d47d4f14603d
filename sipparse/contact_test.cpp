// SPDX-License-Identifier: Apache-2.0
//
// Contacts of registrations, redirections and outbound clients.
#include "gtest/gtest.h"

#include "sipparse/contact.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kOutbound =
    "<sip:bob@192.0.2.2;transport=tcp>;reg-id=1;q=0.5;expires=3600;methods=\"INVITE,BYE\""
    ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\""
    ";pub-gruu=\"sip:bob@example.com;gr=urn:uuid:1\";temp-gruu=\"sip:tgruu.7@example.com;gr\"";

TEST(ContactTest, AllThatIsKnown) {
    const auto contact = parse_contact(kOutbound);
    ASSERT_TRUE(contact);
    EXPECT_EQ(contact->address.uri, "sip:bob@192.0.2.2;transport=tcp");
    EXPECT_EQ(contact->reg_id, 1U);
    EXPECT_EQ(contact->quality, 500);
    EXPECT_EQ(contact->expires_s, 3'600U);
    EXPECT_EQ(contact->instance, "\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"");
    EXPECT_EQ(contact->pub_gruu, "\"sip:bob@example.com;gr=urn:uuid:1\"");
    EXPECT_EQ(contact->temp_gruu, "\"sip:tgruu.7@example.com;gr\"");
    EXPECT_FALSE(contact->is_bulk);
    EXPECT_EQ(contact->address.param("methods"), "\"INVITE,BYE\"");
}

TEST(ContactTest, Plain) {
    const auto contact = parse_contact("sip:1001@10.0.0.1;bnc");
    ASSERT_TRUE(contact);
    EXPECT_TRUE(contact->is_bulk);
    EXPECT_FALSE(contact->quality);
    EXPECT_FALSE(contact->expires_s);
    EXPECT_FALSE(contact->reg_id);
    EXPECT_EQ(contact->instance, "");
}

TEST(ContactTest, Malformed) {
    for (const std::string_view element : {"*",
                                           "",
                                           "<sip:a@b>;q=7",
                                           "<sip:a@b>;expires=x",
                                           "<sip:a@b>;reg-id=0",
                                           "<sip:a@b>;reg-id=2147483648",
                                           "<sip:a@b>;reg-id",
                                           "<sip:a@b>;+sip.instance=x",
                                           "<sip:a@b>;pub-gruu=x",
                                           "<sip:a@b>;temp-gruu=x"}) {
        EXPECT_FALSE(parse_contact(element)) << element;
    }
}

TEST(ContactTest, EveryCutIsBorne) {
    for_each_cut(kOutbound, [](std::string_view cut) { static_cast<void>(parse_contact(cut)); });
}

} // namespace

} // namespace tandem::sipparse
