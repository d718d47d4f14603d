// SPDX-License-Identifier: Apache-2.0
//
// One defect after the other, its header, its place, its text and its answer; what an element need
// not look at; and the words for a log.
#include <array>
#include <span>
#include <string>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/request_check.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kVia = "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n";
constexpr std::string_view kFrom = "From: <sip:a@h>;tag=1\r\n";
constexpr std::string_view kTo = "To: <sip:b@h>\r\n";

// A request that is right but for what is given.
struct Parts {
    std::string_view method = "INVITE";
    std::string_view uri = "sip:b@h";
    std::string_view via = kVia;
    std::string_view from = kFrom;
    std::string_view to = kTo;
    std::string_view more = "";
};

IndexedMessage request(const Parts& parts) {
    std::string text(parts.method);
    text += " ";
    text += parts.uri;
    text += " SIP/2.0\r\n";
    for (const std::string_view lines : {parts.via, parts.from, parts.to, parts.more}) {
        text += lines;
    }
    text += "Call-ID: c\r\nCSeq: 1 ";
    text += parts.method;
    text += "\r\nContent-Length: 0\r\n\r\n";
    IndexedMessage message(text);
    EXPECT_EQ(message.error, ParseError::None) << text;
    return message;
}

const RequestRules kPlain{};
const RequestRules kProxy{.takes_sips = true, .follows_route = true};

ParseError error_of(const Parts& parts, const RequestRules& rules = kPlain) {
    return check_request(request(parts).view(), rules).error;
}

// The defect lies where it says, and its answer is the one of its row.
void expect_defect(const Parts& parts,
                   ParseError error,
                   HeaderId header,
                   std::string_view text,
                   std::uint16_t status,
                   const RequestRules& rules = kPlain) {
    const IndexedMessage message = request(parts);
    const Defect defect = check_request(message.view(), rules);
    ASSERT_TRUE(defect) << message.bytes;
    EXPECT_EQ(defect.error, error) << message.bytes;
    EXPECT_EQ(defect.header, header) << message.bytes;
    EXPECT_EQ(defect.text, text);
    EXPECT_EQ(message.bytes.substr(defect.offset, text.size()), text);
    EXPECT_EQ(answer_status(defect.error, message.index), status);
}

TEST(RequestCheckTest, NothingIsWrong) {
    EXPECT_FALSE(check_request(IndexedMessage(sample_invite()).view(), kProxy));
    EXPECT_FALSE(check_headers(IndexedMessage(sample_invite()).view()));
    EXPECT_EQ(error_of({}), ParseError::None);
}

TEST(RequestCheckTest, RequestUri) {
    const auto other = HeaderId::Other;
    expect_defect({.uri = "tel:1"}, ParseError::UriSchemeNotSupported, other, "tel:1", 416);
    expect_defect({.uri = "x.y://h"}, ParseError::UriSchemeNotSupported, other, "x.y://h", 416);
    expect_defect({.uri = "sips:h"}, ParseError::UriSchemeNotSupported, other, "sips:h", 416);
    expect_defect({.uri = "sip:b@"}, ParseError::RequestUriMalformed, other, "sip:b@", 400);
    expect_defect(
        {.uri = "sip:h?Subject=x"}, ParseError::HeadersInRequestUri, other, "sip:h?Subject=x", 400);
    EXPECT_EQ(error_of({.uri = "sips:h"}, kProxy), ParseError::None);
    EXPECT_EQ(error_of({.uri = "tel:1"}, kProxy), ParseError::UriSchemeNotSupported);
}

TEST(RequestCheckTest, TheTopVia) {
    const auto wrong = ParseError::HeaderValueMalformed;
    expect_defect(
        {.via = "Via: SIP/2.0/UDP h;;\r\n"}, wrong, HeaderId::Via, "SIP/2.0/UDP h;;", 400);
    expect_defect(
        {.via = "v: SIP/2.0/UDP, SIP/2.0/UDP h\r\n"}, wrong, HeaderId::Via, "SIP/2.0/UDP", 400);
    EXPECT_EQ(error_of({.via = "v: SIP/2.0/UDP h, SIP/2.0/UDP\r\nVia: x\r\n"}), ParseError::None);
    expect_defect({.via = "Via: ,\r\nVia: SIP/2.0/UDP h\r\n"}, wrong, HeaderId::Via, ",", 400);
}

TEST(RequestCheckTest, FromAndTo) {
    const auto wrong = ParseError::HeaderValueMalformed;
    expect_defect({.from = "From: \"A <sip:a@h>;tag=1\r\n"},
                  wrong,
                  HeaderId::From,
                  "\"A <sip:a@h>;tag=1",
                  400);
    expect_defect({.to = "t: < sip:b@h>\r\n"}, wrong, HeaderId::To, "< sip:b@h>", 400);
    expect_defect({.from = "f: <sip:a@h>;x\r\n"},
                  ParseError::MissingFromTag,
                  HeaderId::From,
                  "<sip:a@h>;x",
                  400);
}

TEST(RequestCheckTest, ContactWhereItIsRead) {
    const auto wrong = ParseError::HeaderValueMalformed;
    constexpr std::string_view kBad = "Contact: <sip:a@h>, sip:a@h?x=y\r\n";
    for (const std::string_view method : {"INVITE", "REGISTER", "SUBSCRIBE", "NOTIFY"}) {
        expect_defect(
            {.method = method, .more = kBad}, wrong, HeaderId::Contact, "sip:a@h?x=y", 400);
    }
    EXPECT_EQ(error_of({.method = "OPTIONS", .more = kBad}), ParseError::None);
    EXPECT_EQ(error_of({.method = "BYE", .more = kBad}), ParseError::None);
    for (const std::string_view method : {"INVITE", "UPDATE", "NOTIFY"}) {
        EXPECT_EQ(error_of({.method = method, .to = "To: <sip:b@h>;tag=2\r\n", .more = kBad}),
                  ParseError::None);
    }
    EXPECT_EQ(error_of({.method = "REGISTER", .more = "m: *\r\n"}), ParseError::None);
    // 10.2.1.1: that is one hour.
    EXPECT_EQ(error_of({.method = "REGISTER", .more = "m: <sip:a@h>;expires=x\r\n"}),
              ParseError::None);
}

TEST(RequestCheckTest, RoutesWhereTheyAreFollowed) {
    const auto wrong = ParseError::HeaderValueMalformed;
    const Parts record{.more = "Record-Route: <sip:p;lr>, sip:q;lr\r\n"};
    expect_defect(record, wrong, HeaderId::RecordRoute, "sip:q;lr", 400);
    EXPECT_EQ(error_of({.method = "BYE", .more = record.more}), ParseError::None);
    EXPECT_EQ(error_of({.to = "To: <sip:b@h>;tag=2\r\n", .more = record.more}), ParseError::None);
    const Parts route{.method = "BYE", .more = "Route: sip:p;lr\r\n"};
    expect_defect(route, wrong, HeaderId::Route, "sip:p;lr", 400, kProxy);
    EXPECT_EQ(check_request(request(route).view(), kPlain).error, ParseError::None);
}

TEST(RequestCheckTest, Extensions) {
    const auto wrong = ParseError::ExtensionNotSupported;
    RequestRules rules;
    rules.option_tags.add(OptionTag::Timer);
    expect_defect(
        {.more = "Require: timer, path\r\n"}, wrong, HeaderId::Require, "path", 420, rules);
    expect_defect(
        {.more = "Proxy-Require: odd\r\n"}, wrong, HeaderId::ProxyRequire, "odd", 420, rules);
    EXPECT_EQ(error_of({.more = "Require: timer\r\n"}, rules), ParseError::None);
    // 8.2.2.3: no requirements of ACK and CANCEL.
    for (const std::string_view method : {"ACK", "CANCEL"}) {
        EXPECT_EQ(error_of({.method = method, .more = "Require: odd\r\n"}), ParseError::None);
    }
}

TEST(RequestCheckTest, AckIsNeverAnswered) {
    expect_defect({.method = "ACK", .uri = "tel:1"},
                  ParseError::UriSchemeNotSupported,
                  HeaderId::Other,
                  "tel:1",
                  0);
}

TEST(RequestCheckTest, TheFirstOfSeveral) {
    Parts parts{.uri = "tel:1",
                .via = "Via: x\r\n",
                .from = "From: x\r\n",
                .to = "To: x\r\n",
                .more = "Contact: x\r\nRecord-Route: x\r\nRoute: x\r\nRequire: x\r\n"};
    EXPECT_EQ(error_of(parts, kProxy), ParseError::UriSchemeNotSupported);
    parts.uri = "sip:b@h";
    const auto header = [&parts] { return check_request(request(parts).view(), kProxy).header; };
    EXPECT_EQ(header(), HeaderId::Via);
    parts.via = kVia;
    EXPECT_EQ(header(), HeaderId::From);
    parts.from = kFrom;
    EXPECT_EQ(header(), HeaderId::To);
    parts.to = kTo;
    EXPECT_EQ(header(), HeaderId::Contact);
    parts.more = "Record-Route: x\r\nRoute: x\r\nRequire: x\r\n";
    EXPECT_EQ(header(), HeaderId::RecordRoute);
    parts.more = "Route: x\r\nRequire: x\r\n";
    EXPECT_EQ(header(), HeaderId::Route);
    parts.more = "Require: x\r\n";
    EXPECT_EQ(header(), HeaderId::Require);
}

TEST(RequestCheckTest, AllHeaders) {
    const IndexedMessage date = request({.more = "Date: Fri, 01 Jan 2010 16:00:00 EST\r\n"});
    EXPECT_FALSE(check_request(date.view(), kProxy));
    const Defect defect = check_headers(date.view());
    EXPECT_EQ(defect.error, ParseError::HeaderValueMalformed);
    EXPECT_EQ(defect.header, HeaderId::Date);
    EXPECT_EQ(defect.offset, date.bytes.find("Fri"));
    const IndexedMessage list = request({.more = "Warning: 399 h \"x\", 1812 h \"x\"\r\n"});
    EXPECT_EQ(check_headers(list.view()).text, "1812 h \"x\"");
    EXPECT_EQ(check_headers(list.view()).offset, list.bytes.find("1812"));
}

TEST(RequestCheckTest, ErrorsOfStageOneHaveAHeaderToo) {
    std::string text = sample_invite();
    text.replace(text.find("7 INVITE"), 1, "x");
    const IndexedMessage message(text);
    const Defect cseq = defect_of(message.error, message.view());
    EXPECT_EQ(cseq.error, ParseError::CSeqMalformed);
    EXPECT_EQ(cseq.header, HeaderId::CSeq);
    EXPECT_EQ(cseq.offset, message.bytes.find("x INVITE"));
    const IndexedMessage version("INVITE sip:a@b SIP/3.0\r\nVia: SIP/2.0/UDP h\r\n\r\n");
    EXPECT_EQ(defect_of(version.error, version.view()).header, HeaderId::Other);
    EXPECT_EQ(defect_of(version.error, version.view()).offset, 0);
    const IndexedMessage good(sample_invite());
    EXPECT_FALSE(defect_of(good.error, good.view()));
}

TEST(RequestCheckTest, WordsForALog) {
    const IndexedMessage message = request({.more = "Contact: x\r\n"});
    const Defect defect = check_request(message.view(), kPlain);
    EXPECT_EQ(sentence(defect), "malformed Contact");
    const std::string wanted =
        "malformed Contact at byte " + std::to_string(message.bytes.find("x\r\nCall"));
    std::array<char, kDefectTextBytes> out;
    EXPECT_EQ(describe(defect, out), wanted);
    EXPECT_EQ(describe(defect, std::span(out).first(9)), "malformed");
    EXPECT_EQ(sentence(Defect{.error = ParseError::MissingTo}), "missing To");
    EXPECT_EQ(sentence(Defect{.error = ParseError::HeaderValueMalformed}),
              "malformed header value");
    for (const HeaderRow& row : kHeaderRows) {
        const Defect of_row{.error = ParseError::HeaderValueMalformed, .header = row.id};
        EXPECT_TRUE(sentence(of_row).ends_with(row.name));
        EXPECT_TRUE(describe({of_row.error, row.id, 65535, {}}, out).ends_with(" at byte 65535"));
    }
    for (const ParseErrorRow& row : kParseErrorRows) {
        EXPECT_TRUE(describe({row.error, HeaderId::To, 65535, {}}, out).ends_with("e 65535"));
    }
}

TEST(RequestCheckTest, NoCutIsTooShort) {
    for_each_cut(
        sample_invite("Require: timer\r\nRoute: <sip:p;lr>\r\n"), [](std::string_view cut) {
            MessageIndex index;
            const ParseError error = index_datagram(cut, index);
            const MessageView view{cut, &index};
            for (const Defect& defect :
                 {check_request(view, kProxy), check_headers(view), defect_of(error, view)}) {
                EXPECT_LE(defect.offset + defect.text.size(), cut.size());
            }
        });
}

} // namespace

} // namespace tandem::sipparse
