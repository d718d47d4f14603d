// SPDX-License-Identifier: Apache-2.0
//
// MessageWriter: what it writes is what stage 1 reads, nothing fits partly, no line end gets in.
#include <array>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

namespace {

std::string_view write_options(std::span<char> out) {
    MessageWriter writer(out);
    writer.request_line("OPTIONS", "sip:10.77.0.254");
    writer.header(HeaderId::Via, {"SIP/2.0/UDP ", "10.77.0.1", ";branch=z9hG4bK1"});
    writer.header(HeaderId::MaxForwards, std::uint64_t{70});
    writer.header(HeaderId::From, "<sip:10.77.0.1>;tag=1");
    writer.header(HeaderId::To, "<sip:10.77.0.254>");
    writer.header(HeaderId::CallId, "x");
    writer.begin_header(HeaderId::CSeq);
    writer.value(std::uint64_t{1});
    writer.value(" OPTIONS");
    writer.end_header();
    writer.header_raw("X-Token", "t");
    writer.body("text/plain", "hello");
    return writer.finish();
}

constexpr std::string_view kOptions = "OPTIONS sip:10.77.0.254 SIP/2.0\r\n"
                                      "Via: SIP/2.0/UDP 10.77.0.1;branch=z9hG4bK1\r\n"
                                      "Max-Forwards: 70\r\n"
                                      "From: <sip:10.77.0.1>;tag=1\r\n"
                                      "To: <sip:10.77.0.254>\r\n"
                                      "Call-ID: x\r\n"
                                      "CSeq: 1 OPTIONS\r\n"
                                      "X-Token: t\r\n"
                                      "Content-Type: text/plain\r\n"
                                      "Content-Length: 5\r\n"
                                      "\r\n"
                                      "hello";

TEST(WriterTest, WritesAMessage) {
    std::array<char, 1024> out = {};
    const auto text = write_options(out);
    EXPECT_EQ(text, kOptions);
    EXPECT_EQ(IndexedMessage(std::string(text)).error, ParseError::None);
}

TEST(WriterTest, FitsExactlyOrNotAtAll) {
    for (std::size_t bytes = 0; bytes <= kOptions.size() + 1; ++bytes) {
        std::vector<char> out(bytes);
        EXPECT_EQ(write_options(out).size(), bytes >= kOptions.size() ? kOptions.size() : 0)
            << bytes;
    }
}

TEST(WriterTest, StatusLine) {
    std::array<char, 128> out = {};
    MessageWriter writer(out);
    writer.status_line(486, "Busy Here");
    writer.no_body();
    EXPECT_EQ(writer.finish(), "SIP/2.0 486 Busy Here\r\nContent-Length: 0\r\n\r\n");
}

TEST(WriterTest, LineEndsBecomeSpaces) {
    std::array<char, 256> out = {};
    MessageWriter writer(out);
    writer.status_line(200, "O\r\nK");
    writer.header(HeaderId::Subject, "a\r\nVia: evil\rb\n");
    writer.header_raw("X", {"c\n\nd"});
    writer.no_body();
    EXPECT_EQ(
        writer.finish(),
        "SIP/2.0 200 O  K\r\nSubject: a  Via: evil b \r\nX: c  d\r\nContent-Length: 0\r\n\r\n");
}

// Values are copied in blocks that overlap: every length, with a line end at every place.
TEST(WriterTest, LineEndsBecomeSpacesAtEveryPlace) {
    for (std::size_t bytes = 1; bytes <= 50; ++bytes) {
        for (std::size_t at = 0; at < bytes; ++at) {
            std::string value(bytes, 'v');
            value[at] = at % 2 == 0 ? '\r' : '\n';
            std::string expected = value;
            expected[at] = ' ';
            std::array<char, 64> out{};
            MessageWriter writer(out);
            writer.value(value);
            ASSERT_EQ(writer.finish(), expected) << bytes << " " << at;
            ASSERT_EQ(out[bytes], '\0') << "nothing behind the value is written";
        }
    }
}

TEST(WriterTest, HeadersNeedAName) {
    for (const char* name : {"", "a b", "a\r\nb", "a:"}) {
        std::array<char, 128> out = {};
        MessageWriter writer(out);
        writer.header_raw(name, "v");
        EXPECT_TRUE(writer.failed()) << name;
        EXPECT_TRUE(writer.finish().empty());
    }
    std::array<char, 128> out = {};
    MessageWriter writer(out);
    writer.header(HeaderId::Other, "v");
    EXPECT_TRUE(writer.failed());
}

} // namespace

} // namespace tandem::sipparse
