// SPDX-License-Identifier: Apache-2.0
//
// Parameters: names, values, flags, quoted values, and texts that are none.
#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/params.hpp"

namespace tandem::sipparse {

namespace {

TEST(ParamsTest, NamesAndValues) {
    const Params params(" ; a=1;B ; c = \"x;y\" ;\r\n d=[::1];e=<");
    EXPECT_EQ(params.value("A"), "1");
    EXPECT_EQ(params.value("b"), "");
    EXPECT_FALSE(params.find("b")->has_value);
    EXPECT_EQ(params.value("c"), "\"x;y\"");
    EXPECT_EQ(params.value("d"), "[::1]");
    EXPECT_FALSE(params.find("e")) << "the text is malformed from there on";
    EXPECT_FALSE(params.well_formed());
    EXPECT_FALSE(params.has("z"));
}

TEST(ParamsTest, FirstSemicolonIsOptional) {
    EXPECT_EQ(Params("a=1;b=2").value("a"), "1");
    EXPECT_EQ(Params(";a=1;b=2").value("b"), "2");
}

TEST(ParamsTest, WellFormedTexts) {
    for (const char* text : {"", " ", ";a", ";a=b", ";a;b=c;d=\"e\\\"f\"", "a = b ; c"}) {
        EXPECT_TRUE(Params(text).well_formed()) << text;
    }
}

TEST(ParamsTest, MalformedTexts) {
    for (const char* text : {";",
                             ";;",
                             ";a;;b",
                             ";a=",
                             ";=b",
                             ";a=b c",
                             ";a=\"b",
                             ";a=\"b\"c",
                             ";a;",
                             ";a=b;",
                             ";a b",
                             ";a,b"}) {
        EXPECT_FALSE(Params(text).well_formed()) << text;
    }
}

TEST(ParamsTest, EveryCutIsBorne) {
    for_each_cut(" ; tag = \"a\\\"b\" ; lr ; x=1", [](std::string_view cut) {
        std::size_t count = 0;
        for (const Param& param : Params(cut)) {
            EXPECT_FALSE(param.name.empty());
            ++count;
        }
        EXPECT_LE(count, 3U);
    });
}

} // namespace

} // namespace tandem::sipparse
