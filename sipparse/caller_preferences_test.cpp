// SPDX-License-Identifier: Apache-2.0
//
// Accept-Contact, Reject-Contact, Request-Disposition.
#include "gtest/gtest.h"

#include "sipparse/caller_preferences.hpp"

namespace tandem::sipparse {

namespace {

TEST(CallerPreferencesTest, Predicates) {
    const auto wanted = parse_contact_predicate(
        "*;audio;require;methods=\"INVITE\";+sip.instance=\"<urn:uuid:1>\"");
    ASSERT_TRUE(wanted);
    EXPECT_TRUE(wanted->is_required);
    EXPECT_FALSE(wanted->is_explicit);
    EXPECT_TRUE(wanted->params.has("AUDIO"));
    EXPECT_EQ(wanted->params.value("+sip.instance"), "\"<urn:uuid:1>\"");
    EXPECT_TRUE(parse_contact_predicate("* ;explicit")->is_explicit);
    EXPECT_TRUE(parse_contact_predicate("*"));
    for (const std::string_view element : {"", "audio", "**", "*;", "*x"}) {
        EXPECT_FALSE(parse_contact_predicate(element)) << element;
    }
}

TEST(CallerPreferencesTest, Directives) {
    EXPECT_EQ(parse_disposition("proxy"), Disposition::Proxy);
    EXPECT_EQ(parse_disposition(" No-Fork "), Disposition::NoFork);
    EXPECT_EQ(parse_disposition("no-queue"), Disposition::NoQueue);
    EXPECT_FALSE(parse_disposition("hurry"));
    EXPECT_FALSE(parse_disposition(""));
}

} // namespace

} // namespace tandem::sipparse
