// SPDX-License-Identifier: Apache-2.0
//
// Copies with edits: each kind of edit, on known and unknown headers, and the body.
#include <array>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

namespace {

std::string edit(const IndexedMessage& message, const MessageEdits& edits) {
    std::array<char, 4096> out = {};
    return std::string(write_edited(message.view(), edits, out));
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(WriteEditedTest, WithoutEditsTheMessageIsTheSame) {
    const IndexedMessage message(sample_invite());
    EXPECT_EQ(edit(message, {}), message.bytes);
    const IndexedMessage response("SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP h\r\nFrom: sip:a@b\r\n"
                                  "To: sip:c@d\r\nCall-ID: 1\r\nCSeq: 3 INVITE\r\n"
                                  "Content-Length: 0\r\n\r\n");
    EXPECT_EQ(edit(response, {}), response.bytes);
}

TEST(WriteEditedTest, LinesStayAsTheyAreAndFoldsGo) {
    const IndexedMessage message("BYE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h\r\nf:sip:a@b \r\n"
                                 "t: sip:c@d\r\ni: 1\r\nCSEQ: 3\r\n BYE\r\nx-Odd : 1\r\n\r\n");
    ASSERT_EQ(message.error, ParseError::None);
    EXPECT_EQ(edit(message, {}),
              "BYE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h\r\nf:sip:a@b \r\nt: sip:c@d\r\n"
              "i: 1\r\nCSeq: 3   BYE\r\nx-Odd : 1\r\nContent-Length: 0\r\n\r\n");
}

TEST(WriteEditedTest, EveryLineEndsInCrlf) {
    const std::string head = "BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: sip:a@b\r\n"
                             "To: sip:c@d\r\nCall-ID: 1\r\nCSeq: 3 BYE\r\nX-A: 1\r\n";
    for (std::size_t at = head.find('\r'); at != std::string::npos; at = head.find('\r', at + 1)) {
        std::string bare = head;
        bare.erase(at, 1);
        for (const char* end : {"\r\n", "\n"}) {
            const IndexedMessage message(bare + end);
            ASSERT_EQ(message.error, ParseError::None) << at;
            EXPECT_EQ(edit(message, {}), head + "Content-Length: 0\r\n\r\n") << at;
        }
    }
}

TEST(WriteEditedTest, EveryKindOfEdit) {
    const IndexedMessage message(sample_invite("X-A: 1\r\nX-B: 2\r\nx-a: 3\r\n"));
    const std::array edits = {
        HeaderEdit{.kind = EditKind::Prepend, .id = HeaderId::Via, .value = "SIP/2.0/UDP new"},
        HeaderEdit{.kind = EditKind::Prepend, .id = HeaderId::RecordRoute, .value = "<sip:me;lr>"},
        HeaderEdit{.kind = EditKind::Remove, .id = HeaderId::Contact},
        HeaderEdit{.kind = EditKind::Remove, .name = "X-a"},
        HeaderEdit{.kind = EditKind::Replace, .id = HeaderId::MaxForwards, .value = "69"},
        HeaderEdit{.kind = EditKind::Replace, .id = HeaderId::UserAgent, .value = "Tandem"},
        HeaderEdit{.kind = EditKind::Append, .value = "4", .name = "X-C"},
    };
    const std::string text = edit(message, {.request_uri = "sip:9@gw", .headers = edits});
    EXPECT_EQ(text.find("INVITE sip:9@gw SIP/2.0\r\nVia: SIP/2.0/UDP new\r\n"
                        "Record-Route: <sip:me;lr>\r\nVia: SIP/2.0/UDP 10.77.0.100"),
              0U);
    EXPECT_FALSE(contains(text, "Contact"));
    EXPECT_FALSE(contains(text, "X-A"));
    EXPECT_FALSE(contains(text, "x-a"));
    EXPECT_TRUE(contains(text, "X-B: 2\r\n"));
    EXPECT_TRUE(contains(text, "Max-Forwards: 69\r\n"));
    EXPECT_FALSE(contains(text, "70"));
    EXPECT_TRUE(contains(text, "User-Agent: Tandem\r\nX-C: 4\r\nContent-Length: 5\r\n\r\nv=0"));
    EXPECT_EQ(IndexedMessage(text).error, ParseError::None);
}

TEST(WriteEditedTest, RemoveFirstTakesOneElement) {
    const IndexedMessage message(
        sample_invite("Route: , <sip:p;x=\",\";lr> , <sip:q;lr>,<sip:r;lr>\r\nRoute: <sip:s;lr>\r\n"
                      "X-A: 1, 2\r\nX-A: 3\r\n"));
    ASSERT_EQ(message.error, ParseError::None);
    const std::array edits = {
        HeaderEdit{.kind = EditKind::RemoveFirst, .id = HeaderId::Via},
        HeaderEdit{.kind = EditKind::RemoveFirst, .id = HeaderId::Route},
        HeaderEdit{.kind = EditKind::RemoveFirst, .name = "x-a"},
        HeaderEdit{.kind = EditKind::RemoveFirst, .id = HeaderId::Subject}, // is not there
    };
    const std::string text = edit(message, {.headers = edits});
    EXPECT_TRUE(contains(text, "SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.99;branch=z9hG4bKa0\r\nMax"));
    EXPECT_TRUE(contains(
        text, "\r\nRoute: <sip:q;lr>,<sip:r;lr>\r\nRoute: <sip:s;lr>\r\nX-A: 3\r\nContent"));
    EXPECT_EQ(IndexedMessage(text).error, ParseError::None);
}

TEST(WriteEditedTest, PushAndPopOfVia) {
    const IndexedMessage message(sample_invite());
    const std::array push = {
        HeaderEdit{.kind = EditKind::Prepend, .id = HeaderId::Via, .value = "SIP/2.0/UDP me"}};
    const IndexedMessage forwarded(edit(message, {.headers = push}));
    const std::array pop = {HeaderEdit{.kind = EditKind::RemoveFirst, .id = HeaderId::Via}};
    EXPECT_EQ(edit(forwarded, {.headers = pop}), message.bytes);
}

TEST(WriteEditedTest, ReplaceLeavesOneLine) {
    const IndexedMessage message(sample_invite());
    const std::array edits = {
        HeaderEdit{.kind = EditKind::Replace, .id = HeaderId::Via, .value = "SIP/2.0/UDP only"}};
    const std::string text = edit(message, {.headers = edits});
    EXPECT_TRUE(contains(text, "SIP/2.0\r\nVia: SIP/2.0/UDP only\r\nMax-Forwards"));
    EXPECT_EQ(IndexedMessage(text).view().count(HeaderId::Via), 1U);
}

TEST(WriteEditedTest, TheBodyCanBeReplaced) {
    const IndexedMessage message(sample_invite());
    EXPECT_TRUE(
        contains(edit(message, {.body = "longer body"}), "Content-Length: 11\r\n\r\nlonger body"));
    EXPECT_TRUE(contains(edit(message, {.body = ""}), "Content-Length: 0\r\n\r\n"));
}

TEST(WriteEditedTest, FoldsNeedNoRoom) {
    const IndexedMessage message("BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: sip:a@b\r\n"
                                 "To: sip:c@d\r\nCall-ID: 1\r\nCSeq: 3 BYE\r\nSubject: x" +
                                 std::string(40, ' ') + "\r\n \r\n\r\n");
    const std::string text = edit(message, {});
    std::vector<char> out(text.size());
    EXPECT_EQ(write_edited(message.view(), {}, out), text);
    out.pop_back();
    EXPECT_EQ(write_edited(message.view(), {}, out), "");
}

TEST(WriteEditedTest, FitsExactlyOrNotAtAll) {
    const IndexedMessage message(sample_invite());
    for (std::size_t bytes = 0; bytes <= message.bytes.size(); ++bytes) {
        std::vector<char> out(bytes);
        EXPECT_EQ(write_edited(message.view(), {}, out).empty(), bytes < message.bytes.size());
    }
}

} // namespace

} // namespace tandem::sipparse
