// SPDX-License-Identifier: Apache-2.0
//
// Responses from requests: copied headers, received and rport, tags, damaged requests, room.
#include <array>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

namespace {

std::string respond(const IndexedMessage& request, const ResponseOptions& options) {
    std::array<char, 4096> out = {};
    return std::string(write_response(request.view(), options, out));
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(WriteResponseTest, CopiesWhatTheRfcSays) {
    const IndexedMessage request(sample_invite("Record-Route: <sip:p;lr>\r\nSubject: x\r\n"));
    EXPECT_EQ(respond(request, {.status_code = 100, .reason = "Trying"}),
              "SIP/2.0 100 Trying\r\n"
              "Via: SIP/2.0/UDP 10.77.0.100:5062;branch=z9hG4bKa1;rport\r\n"
              "Via: SIP/2.0/UDP 10.77.0.99;branch=z9hG4bKa0\r\n"
              "From: \"Anna\" <sip:1000@10.77.0.10>;tag=f1\r\n"
              "To: <sip:1001@10.77.0.10>\r\n"
              "Call-ID: c1@10.77.0.100\r\n"
              "CSeq: 7 INVITE\r\n"
              "Content-Length: 0\r\n"
              "\r\n");
}

TEST(WriteResponseTest, EverythingThatCanBeAdded) {
    const IndexedMessage request(
        sample_invite("Record-Route: <sip:p;lr>, <sip:q;lr>\r\nRecord-Route: <sip:r;lr>\r\n"));
    const std::array headers = {
        ExtraHeader{.id = HeaderId::Contact, .value = "<sip:10.77.0.10>"},
        ExtraHeader{.value = "1", .name = "X-Token"},
    };
    const std::string text = respond(request,
                                     {.status_code = 200,
                                      .reason = "OK",
                                      .to_tag = "t9",
                                      .received = "10.77.0.101",
                                      .rport = 6000,
                                      .copy_record_route = true,
                                      .headers = headers,
                                      .content_type = "application/sdp",
                                      .body = "v=0\r\n"});
    EXPECT_TRUE(contains(text,
                         "Via: SIP/2.0/UDP 10.77.0.100:5062;branch=z9hG4bKa1;rport=6000;"
                         "received=10.77.0.101\r\n"
                         "Via: SIP/2.0/UDP 10.77.0.99;branch=z9hG4bKa0\r\n"));
    EXPECT_TRUE(
        contains(text, "Record-Route: <sip:p;lr>, <sip:q;lr>\r\nRecord-Route: <sip:r;lr>\r\n"));
    EXPECT_TRUE(contains(text, "To: <sip:1001@10.77.0.10>;tag=t9\r\n"));
    EXPECT_TRUE(contains(text, "Contact: <sip:10.77.0.10>\r\nX-Token: 1\r\n"));
    EXPECT_TRUE(
        contains(text, "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"));
    EXPECT_EQ(IndexedMessage(text).error, ParseError::None);
}

TEST(WriteResponseTest, RecordRouteIsSpeltInOneWay) {
    const IndexedMessage request(
        sample_invite("record-route: <sip:p;lr>\r\nRecord-Route:<sip:q;lr>\r\n"
                      "Record-Route: <sip:r;lr>\r\nRecord-Route: <sip:s;lr>\r\n"));
    EXPECT_TRUE(contains(
        respond(request, {.status_code = 200, .reason = "OK", .copy_record_route = true}),
        "Record-Route: <sip:p;lr>\r\nRecord-Route: <sip:q;lr>\r\nRecord-Route: <sip:r;lr>\r\n"
        "Record-Route: <sip:s;lr>\r\n"));
}

// The usual form is cut without looking at it as the list it is; a space in front makes it unusual.
TEST(WriteResponseTest, EveryFormOfTheTopViaIsAnsweredAlike) {
    static constexpr std::string_view kPieces[] = {";rport",
                                                   ";RPORT=1",
                                                   ";received=9.9.9.9",
                                                   ";Received=[::1]",
                                                   ";branch=z9hG4bKa",
                                                   ";x",
                                                   ";y=\"a,b\"",
                                                   ";y=",
                                                   ";",
                                                   " ",
                                                   ",",
                                                   ", SIP/2.0/UDP i;rport",
                                                   ";rport=",
                                                   ";rportx"};
    std::mt19937 random(4);
    for (int round = 0; round < 50'000; ++round) {
        std::string via = "SIP/2.0/UDP host";
        for (std::size_t pieces = random() % 6; pieces > 0; --pieces) {
            via += kPieces[random() % std::size(kPieces)];
        }
        std::string odd = via;
        odd.replace(11, 1, "  ");
        const ResponseOptions options = {.status_code = 200,
                                         .reason = "OK",
                                         .received = random() % 2 == 0 ? "10.0.0.1" : "",
                                         .rport = static_cast<std::uint16_t>(random() % 2 * 99)};
        const auto answer = [&options](const std::string& value) {
            return respond(IndexedMessage("OPTIONS sip:a@b SIP/2.0\r\nVia: " + value +
                                          "\r\nFrom: sip:a@b;tag=1\r\nTo: sip:a@b\r\n"
                                          "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n"),
                           options);
        };
        std::string expected = answer(odd);
        expected.replace(expected.find("UDP  host"), 9, "UDP host");
        ASSERT_EQ(answer(via), expected);
    }
}

TEST(WriteResponseTest, AnExistingTagStays) {
    std::string text = sample_invite();
    text.replace(text.find("To: <sip:1001@10.77.0.10>"), 25, "To: <sip:1001@10.77.0.10>;tag=old");
    const std::string response =
        respond(IndexedMessage(text), {.status_code = 481, .reason = "x", .to_tag = "new"});
    EXPECT_TRUE(contains(response, "To: <sip:1001@10.77.0.10>;tag=old\r\n"));
}

TEST(WriteResponseTest, ReceivedIsReplacedAndSecondElementsStay) {
    const IndexedMessage request(
        "OPTIONS sip:a@b SIP/2.0\r\n"
        "Via: SIP/2.0/UDP h;received=1.1.1.1;branch=z9hG4bKx , SIP/2.0/UDP second;rport\r\n"
        "From: sip:a@b;tag=1\r\nTo: sip:a@b\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n");
    const std::string text =
        respond(request, {.status_code = 200, .reason = "OK", .received = "2.2.2.2", .rport = 99});
    EXPECT_TRUE(contains(
        text, "Via: SIP/2.0/UDP h;branch=z9hG4bKx;received=2.2.2.2 , SIP/2.0/UDP second;rport\r\n"))
        << text;
}

TEST(WriteResponseTest, AMalformedTopViaStaysAsItIs) {
    const IndexedMessage request("OPTIONS sip:a@b SIP/2.0\r\nVia: a,b,c,d,,,, ,x;rport\r\n\r\n");
    EXPECT_TRUE(contains(respond(request, {.status_code = 400, .reason = "x", .rport = 9}),
                         "Via: a,b,c,d,,,, ,x;rport\r\n"));
}

TEST(WriteResponseTest, LinesThatAreNoneAreNotCopied) {
    const IndexedMessage request(
        "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\nnonsense\nVia: SIP/2.0/UDP i\r\nbad\r\n"
        "From: sip:a@b\r\n;tag=1\r\nTo: sip:a@b\r\nv:SIP/2.0/UDP j\r\n\r\n");
    ASSERT_EQ(request.error, ParseError::HeaderLineMalformed);
    EXPECT_EQ(respond(request, {.status_code = 400, .reason = "x"}),
              "SIP/2.0 400 x\r\nVia: SIP/2.0/UDP h\r\nVia: SIP/2.0/UDP i\r\nv:SIP/2.0/UDP j\r\n"
              "From: sip:a@b\r\nTo: sip:a@b\r\nContent-Length: 0\r\n\r\n");
}

TEST(WriteResponseTest, DamagedRequestsCanBeRefused) {
    const IndexedMessage request("OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;;x\r\n"
                                 "CSeq: nonsense\r\n\r\n");
    ASSERT_EQ(request.error, ParseError::MissingFrom);
    const std::string text = respond(request,
                                     {.status_code = answer_status(request.error, request.index),
                                      .reason = sentence(request.error),
                                      .to_tag = "t",
                                      .received = "1.2.3.4"});
    EXPECT_EQ(text,
              "SIP/2.0 400 missing From\r\nVia: SIP/2.0/UDP h;;x\r\nCSeq: nonsense\r\n"
              "Content-Length: 0\r\n\r\n");
}

// What is written from a head is what is written from the request, or from the head by its index.
void expect_same_from_head(const IndexedMessage& request, const ResponseOptions& options) {
    const IndexedMessage head(respond(request,
                                      {.status_code = 200,
                                       .reason = "OK",
                                       .received = "10.77.0.101",
                                       .rport = 6000,
                                       .copy_record_route = true}));
    std::array<char, 4096> out = {};
    const std::string_view text = write_response_from_head(head.bytes, options, out);
    EXPECT_EQ(text, respond(head, options));
    ResponseOptions of_request = options;
    of_request.received = "10.77.0.101";
    of_request.rport = 6000;
    EXPECT_EQ(text, respond(request, of_request));
}

TEST(WriteResponseTest, FromAHead) {
    const std::string old_tag = ";tag=old";
    std::string tagged = sample_invite("Record-Route: <sip:p;lr>, <sip:q;lr>\r\n");
    tagged.insert(tagged.find("To: <sip:1001@10.77.0.10>") + 25, old_tag);
    const std::array headers = {
        ExtraHeader{.id = HeaderId::Contact, .value = "<sip:10.77.0.10>"},
        ExtraHeader{.value = "1", .name = "X-Token"},
    };
    for (const std::string& request :
         {sample_invite(),
          sample_invite("Record-Route: <sip:p;lr>\r\nRecord-Route: <sip:r;lr>\r\n"),
          sample_invite("v: SIP/2.0/UDP folded\r\n ;branch=z9hG4bKa2\r\n"),
          tagged}) {
        const IndexedMessage message(request);
        ASSERT_EQ(message.error, ParseError::None);
        for (const bool record_route : {false, true}) {
            for (const std::string_view tag : {"", "t9"}) {
                expect_same_from_head(message,
                                      {.status_code = 183,
                                       .reason = "Session Progress",
                                       .to_tag = tag,
                                       .copy_record_route = record_route});
                expect_same_from_head(message,
                                      {.status_code = 200,
                                       .reason = "OK",
                                       .to_tag = tag,
                                       .copy_record_route = record_route,
                                       .headers = headers,
                                       .content_type = "application/sdp",
                                       .body = "v=0\r\n"});
            }
        }
    }
}

TEST(WriteResponseTest, FromWhatIsNoHead) {
    const std::string head =
        respond(IndexedMessage(sample_invite()), {.status_code = 200, .reason = "OK"});
    std::array<char, 4096> out = {};
    for_each_cut(head, [&](std::string_view cut) {
        const bool is_whole = cut.find("\r\nContent-Length: ") != std::string_view::npos;
        EXPECT_EQ(
            write_response_from_head(cut, {.status_code = 180, .reason = "Ringing"}, out).empty(),
            !is_whole)
            << cut;
    });
    const std::size_t needed =
        write_response_from_head(
            head, {.status_code = 180, .reason = "Ringing", .to_tag = "t"}, out)
            .size();
    for (std::size_t bytes = 0; bytes <= needed; ++bytes) {
        std::vector<char> room(bytes);
        EXPECT_EQ(write_response_from_head(
                      head, {.status_code = 180, .reason = "Ringing", .to_tag = "t"}, room)
                      .empty(),
                  bytes < needed);
    }
}

TEST(WriteResponseTest, FitsExactlyOrNotAtAll) {
    const IndexedMessage request(sample_invite());
    const ResponseOptions options{.status_code = 180, .reason = "Ringing", .to_tag = "t"};
    const std::size_t needed = respond(request, options).size();
    for (std::size_t bytes = 0; bytes <= needed; ++bytes) {
        std::vector<char> out(bytes);
        EXPECT_EQ(write_response(request.view(), options, out).empty(), bytes < needed);
    }
}

} // namespace

} // namespace tandem::sipparse
