// SPDX-License-Identifier: Apache-2.0
//
// Replaces, Join, Target-Dialog, and Call-IDs in them.
#include "gtest/gtest.h"

#include "sipparse/call_id.hpp"
#include "sipparse/dialog_id.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

TEST(DialogIdTest, Replaces) {
    const auto id =
        parse_replaces("98732@sip.example.com ;from-tag=r33th4x0r ; to-tag=ff87ff;early-only");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->call_id, "98732@sip.example.com");
    EXPECT_EQ(id->local_tag, "ff87ff");
    EXPECT_EQ(id->remote_tag, "r33th4x0r");
    EXPECT_TRUE(id->early_only);
    EXPECT_FALSE(parse_replaces("a;to-tag=1;from-tag=0")->early_only);
}

TEST(DialogIdTest, TargetDialog) {
    const auto id = parse_target_dialog("fa77as7dad8-sd98ajzz@h;local-tag=kkaz-;remote-tag=6544");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->local_tag, "kkaz-");
    EXPECT_EQ(id->remote_tag, "6544");
}

TEST(DialogIdTest, BothTagsOnceEach) {
    for (const std::string_view value : {"",
                                         "a",
                                         "a;to-tag=1",
                                         "a;from-tag=1",
                                         "a;to-tag=1;from-tag=2;to-tag=3",
                                         "a;to-tag;from-tag=1",
                                         "a;to-tag=1;from-tag=\"2\"",
                                         "a b;to-tag=1;from-tag=2",
                                         "a@b@c;to-tag=1;from-tag=2",
                                         "a;to-tag=1;from-tag=2;"}) {
        EXPECT_FALSE(parse_replaces(value)) << value;
    }
    EXPECT_FALSE(parse_target_dialog("a;to-tag=1;from-tag=2"));
}

TEST(DialogIdTest, CallIds) {
    for (const std::string_view text : {"a", "a@b", "1-2.3!%*_+`'~()<>:\\\"/[]?{}@h"}) {
        EXPECT_TRUE(is_call_id(text)) << text;
    }
    for (const std::string_view text :
         {"", "@", "a@", "@b", "a b", "a,b", "a;b", "a@b@c", "\xe4"}) {
        EXPECT_FALSE(is_call_id(text)) << text;
    }
}

TEST(DialogIdTest, EveryCutIsBorne) {
    for_each_cut("a@b;to-tag=1;from-tag=2;early-only",
                 [](std::string_view cut) { static_cast<void>(parse_replaces(cut)); });
}

} // namespace

} // namespace tandem::sipparse
