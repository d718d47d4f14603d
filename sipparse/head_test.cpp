// SPDX-License-Identifier: Apache-2.0
//
// The truth about heads: lines and their chains, white space, folds, and errors with their places.
#include <string>

#include "gtest/gtest.h"

#include "sipparse/head.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

struct Read {
    explicit Read(std::string_view text) : exact(text), head(read_head(exact.text(), 0, index)) {}

    [[nodiscard]] MessageView view() const { return {exact.text(), &index}; }

    ExactText exact;
    MessageIndex index{};
    Head head;
};

TEST(HeadTest, LinesUpToTheEmptyOne) {
    const Read read("x\r\na:b:c\r\nd:\n\r\nbody:\r\n");
    EXPECT_EQ(read.head.error, ParseError::None);
    EXPECT_EQ(read.head.start_line_end, 2U);
    EXPECT_EQ(read.head.bytes, 15U);
    ASSERT_EQ(read.index.header_count, 2);
    EXPECT_EQ(read.view().header(0).name, "a");
    EXPECT_EQ(read.view().header(0).value, "b:c");
    EXPECT_EQ(read.view().header(1).name, "d");
    EXPECT_EQ(read.view().header(1).value, "");
}

TEST(HeadTest, WhiteSpaceIsNoPartOfNameAndValue) {
    const Read read("x\r\nSubject \t : \t a b \t\r\nTo:\r\n <sip:c>\r\n\td\r\nX:  \r\n \r\n\r\n");
    ASSERT_EQ(read.index.header_count, 3);
    EXPECT_EQ(read.view().header(0).name, "Subject");
    EXPECT_EQ(read.view().header(0).value, "a b");
    EXPECT_EQ(read.view().header(1).name, "To");
    EXPECT_EQ(read.view().header(1).value, "<sip:c>\r\n\td");
    EXPECT_EQ(read.view().header(2).name, "X");
    EXPECT_EQ(read.view().header(2).value, "");
}

TEST(HeadTest, LinesOfOneIdHangTogether) {
    const Read read("x\r\nVia: 1\r\nX-A: 2\r\nv: 3\r\nTo: 4\r\nX-B: 5\r\nVIA: 6\r\n\r\n");
    const auto view = read.view();
    std::string vias;
    for (const std::string_view value : view.each(HeaderId::Via)) {
        vias += value;
    }
    EXPECT_EQ(vias, "136");
    std::string others;
    for (const std::string_view value : view.each(HeaderId::Other)) {
        others += value;
    }
    EXPECT_EQ(others, "25");
    EXPECT_EQ(view.count(HeaderId::Route), 0U);
    EXPECT_EQ(view.find("x-b"), "5");
    EXPECT_EQ(view.find(HeaderId::To), "4");
}

TEST(HeadTest, TheFirstErrorAndWhereItIs) {
    const std::string good = "x\r\nTo: a\r\n";
    const auto first_error = [&good](const std::string& lines) {
        const Read read(good + lines + "\r\n");
        EXPECT_EQ(read.head.error_offset, good.size());
        return read.head.error;
    };
    EXPECT_EQ(first_error("bad\r\nTo: b\r\n"), ParseError::HeaderLineMalformed);
    EXPECT_EQ(first_error("To: b\r\nbad\r\n"), ParseError::DuplicateSingleton);
    EXPECT_EQ(first_error("From: a\rb\r\n"), ParseError::BareCarriageReturn);
    EXPECT_EQ(first_error(std::string(256, 'n') + ": v\r\n"), ParseError::HeaderNameTooLong);
}

TEST(HeadTest, CarriageReturnsOutOfPlace) {
    EXPECT_TRUE(Read("a\rb\r\n\r\n").head.start_line_has_lonely_cr);
    EXPECT_TRUE(Read("ab\r\r\n\r\n").head.start_line_has_lonely_cr);
    EXPECT_FALSE(Read("ab\r\n\r\n").head.start_line_has_lonely_cr);
    EXPECT_EQ(Read("x\r\na: b\r\n c\r\r\n\r\n").head.error, ParseError::BareCarriageReturn);
    EXPECT_EQ(Read("x\r\na: b\r\n\r\nc\rd").head.error, ParseError::None) << "in the body";
}

TEST(HeadTest, AHeadWithoutEnd) {
    EXPECT_EQ(Read("abc").head.start_line_end, 3U);
    EXPECT_EQ(Read("abc").head.bytes, 0U);
    const Read open("abc\r\nTo: a\r\nFrom: b");
    EXPECT_EQ(open.head.bytes, 0U);
    EXPECT_EQ(open.index.header_count, 1) << "a line without end is no line";
}

} // namespace

} // namespace tandem::sipparse
