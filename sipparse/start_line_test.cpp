// SPDX-License-Identifier: Apache-2.0
//
// Request-Line and Status-Line, good and bad, and what is known of a bad one.
#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/start_line.hpp"

namespace tandem::sipparse {

namespace {

ParseError parse(std::string_view line, MessageIndex& index) {
    index = MessageIndex{};
    return parse_start_line(line, 0, index);
}

ParseError parse(std::string_view line) {
    MessageIndex index;
    return parse(line, index);
}

TEST(StartLineTest, RequestLineGivesItsParts) {
    const std::string_view line = "BYE sips:a@b;x=y sip/2.0";
    MessageIndex index;
    ASSERT_EQ(parse(line, index), ParseError::None);
    EXPECT_EQ(index.kind, MessageKind::Request);
    EXPECT_EQ(index.method, Method::Bye);
    EXPECT_EQ(index.method_text, (ByteSpan{0, 3}));
    EXPECT_EQ(index.request_uri, (ByteSpan{4, 12}));
    EXPECT_EQ(index.version, (ByteSpan{17, 7}));
}

TEST(StartLineTest, OffsetIsAdded) {
    MessageIndex index;
    ASSERT_EQ(parse_start_line("SIP/2.0 180 Ringing", 4, index), ParseError::None);
    EXPECT_EQ(index.kind, MessageKind::Response);
    EXPECT_EQ(index.status_code, 180);
    EXPECT_EQ(index.version, (ByteSpan{4, 7}));
    EXPECT_EQ(index.reason, (ByteSpan{16, 7}));
}

TEST(StartLineTest, ReasonMayBeEmptyOrMissing) {
    EXPECT_EQ(parse("SIP/2.0 100 "), ParseError::None);
    EXPECT_EQ(parse("SIP/2.0 100"), ParseError::None);
    EXPECT_EQ(parse("SIP/2.0 699 = 2**3 * 5**2"), ParseError::None);
}

TEST(StartLineTest, StatusCodesOutOfRange) {
    for (const char* line : {"SIP/2.0 099 x",
                             "SIP/2.0 700 x",
                             "SIP/2.0 20 x",
                             "SIP/2.0 2000 x",
                             "SIP/2.0 4294967301 better not break the receiver"}) {
        EXPECT_EQ(parse(line), ParseError::StatusCodeOutOfRange) << line;
    }
}

TEST(StartLineTest, Versions) {
    EXPECT_EQ(parse("OPTIONS sip:a@b SIP/7.0"), ParseError::VersionNotSupported);
    EXPECT_EQ(parse("OPTIONS sip:a@b SIP/2.10"), ParseError::VersionNotSupported);
    EXPECT_EQ(parse("SIP/1.0 200 OK"), ParseError::VersionNotSupported);
    for (const char* line : {"OPTIONS sip:a@b HTTP/1.1",
                             "OPTIONS sip:a@b SIP/",
                             "OPTIONS sip:a SIP",
                             "OPTIONS sip:a@b SIP/2",
                             "OPTIONS sip:a@b SIP/2.",
                             "OPTIONS sip:a@b SIP/.0",
                             "OPTIONS sip:a@b SIP/2.0x",
                             "OPTIONS sip:a@b SIP/2.0.0"}) {
        EXPECT_EQ(parse(line), ParseError::StartLineMalformed) << line;
    }
}

TEST(StartLineTest, MalformedLines) {
    for (const char* line : {"",
                             " ",
                             "INVITE",
                             "INVITE ",
                             "INVITE SIP/2.0",
                             "INVITE  SIP/2.0",
                             "IN,VITE sip:a SIP/2.0",
                             "INVITE  sip:a@b  SIP/2.0",
                             "INVITE sip:a@b SIP/2.0  ",
                             " INVITE sip:a@b SIP/2.0",
                             "SIP/2.0",
                             "SIP/2.0 ",
                             "SIP/2.0  200 OK",
                             "SIP/2.0 2x0 OK",
                             "SIP/2.0 -20 OK"}) {
        EXPECT_EQ(parse(line), ParseError::StartLineMalformed) << line;
    }
}

TEST(StartLineTest, MalformedRequestUris) {
    for (const char* line : {"INVITE <sip:a@b> SIP/2.0",
                             "INVITE sip:a@b; lr SIP/2.0",
                             "INVITE a@b SIP/2.0",
                             "INVITE 1sip:a@b SIP/2.0",
                             "INVITE sip:\"a\"@b SIP/2.0",
                             "INVITE sip:\xc3\xa4@b SIP/2.0",
                             "INVITE sip:a\t@b SIP/2.0"}) {
        EXPECT_EQ(parse(line), ParseError::RequestUriMalformed) << line;
    }
}

TEST(StartLineTest, BadRequestKeepsItsMethod) {
    MessageIndex index;
    EXPECT_EQ(parse("ACK  sip:a@b  SIP/2.0", index), ParseError::StartLineMalformed);
    EXPECT_EQ(index.kind, MessageKind::Request);
    EXPECT_EQ(index.method, Method::Ack);
}

TEST(StartLineTest, EveryCutIsBorne) {
    for (const char* line : {"INVITE sip:a@b SIP/2.0", "SIP/2.0 200 OK"}) {
        for_each_cut(line, [](std::string_view cut) {
            MessageIndex index;
            (void)parse_start_line(cut, 0, index);
            EXPECT_TRUE(validate(index, sizeof(index), cut.size())) << cut;
        });
    }
}

} // namespace

} // namespace tandem::sipparse
