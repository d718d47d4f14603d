// SPDX-License-Identifier: Apache-2.0
//
// Stage 1 over whole messages: each error, what is in the index behind an error, limits at their
// edge, line ends and folds; every message by every implementation.
#include <cstring>
#include <string>

#include "gtest/gtest.h"

#include "sipparse/index.hpp"
#include "sipparse/indexed_message_test.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

namespace {

// Indexes by all implementations, which must agree byte for byte.
ParseError index_by_all(std::string_view text, MessageIndex& index) {
    const ExactText exact(text);
    const ParseError error = index_datagram_with(Implementation::Scalar, exact.text(), index);
    EXPECT_TRUE(validate(index, sizeof(index), text.size()));
    for (const ImplementationRow& row : kImplementations) {
        if (!is_supported(row.implementation)) {
            continue;
        }
        MessageIndex other;
        EXPECT_EQ(index_datagram_with(row.implementation, exact.text(), other), error) << row.name;
        EXPECT_EQ(other.header_count, index.header_count);
        EXPECT_EQ(std::memcmp(&other, &index, index_bytes(index.header_count)), 0) << row.name;
    }
    return error;
}

ParseError error_of(std::string_view text) {
    MessageIndex index;
    return index_by_all(text, index);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const std::size_t position = text.find(what);
    EXPECT_NE(position, std::string::npos) << what;
    return text.replace(position, what.size(), with);
}

std::string invite_with(std::string_view what, std::string_view with) {
    return replaced(sample_invite(), what, with);
}

TEST(IndexTest, AGoodInvite) {
    const std::string text = sample_invite("X-Token: 1\r\n");
    MessageIndex index;
    ASSERT_EQ(index_by_all(text, index), ParseError::None);
    const MessageView view{text, &index};
    EXPECT_EQ(view.method(), Method::Invite);
    EXPECT_EQ(view.request_uri(), "sip:1001@10.77.0.10");
    EXPECT_EQ(view.header_count(), 10U);
    EXPECT_EQ(view.cseq_number(), 7U);
    EXPECT_EQ(view.body(), "v=0\r\n");
    EXPECT_EQ(index.total_bytes, text.size());
    EXPECT_EQ(view.header(8).name, "X-Token");
    EXPECT_EQ(view.header(8).value, "1");
    EXPECT_EQ(view.header(8).id, HeaderId::Other);
}

TEST(IndexTest, ResponsesTakeTheMethodOfCSeq) {
    const std::string text =
        replaced(sample_invite(), "INVITE sip:1001@10.77.0.10 SIP/2.0", "SIP/2.0 180 Ringing");
    MessageIndex index;
    ASSERT_EQ(index_by_all(text, index), ParseError::None);
    EXPECT_EQ(index.method, Method::Invite);
    EXPECT_EQ((MessageView{text, &index}.method_text()), "INVITE");
    EXPECT_EQ(index.status_code, 180);
}

TEST(IndexTest, LeadingLineEndsAreSkipped) {
    EXPECT_EQ(error_of("\r\n\r\n" + sample_invite()), ParseError::None);
    for (const char* text : {"", "\r\n", "\r\n\r\n", "\n"}) {
        EXPECT_EQ(error_of(text), ParseError::Empty);
    }
}

TEST(IndexTest, BareLineFeedsAreLineEnds) {
    std::string text;
    for (const char c : sample_invite()) {
        if (c != '\r') {
            text += c;
        }
    }
    text = replaced(text, "Content-Length: 5", "Content-Length: 4");
    MessageIndex index;
    ASSERT_EQ(index_by_all(text, index), ParseError::None);
    EXPECT_EQ(index.header_count, 9);
    EXPECT_EQ((MessageView{text, &index}.body()), "v=0\n");
}

TEST(IndexTest, BareCarriageReturnsAreRefused) {
    EXPECT_EQ(error_of(invite_with("Anna", "An\rna")), ParseError::BareCarriageReturn);
    EXPECT_EQ(error_of(invite_with("70\r\n", "70\r\r\n")), ParseError::BareCarriageReturn);
    EXPECT_EQ(error_of(invite_with("SIP/2.0\r\n", "SIP/2.0\r\r\n")),
              ParseError::BareCarriageReturn);
    EXPECT_EQ(error_of(invite_with("v=0", "v\r0")), ParseError::None) << "bodies are not looked at";
}

TEST(IndexTest, FoldedLinesAreOneHeader) {
    const std::string text = invite_with("CSeq: 7 INVITE", "CSeq : \r\n 7\r\n\tINVITE  ");
    MessageIndex index;
    ASSERT_EQ(index_by_all(text, index), ParseError::None);
    EXPECT_EQ(index.cseq_number, 7U);
    EXPECT_EQ(index.header_count, 9);
    EXPECT_EQ((MessageView{text, &index}.find(HeaderId::CSeq)), "7\r\n\tINVITE");
}

TEST(IndexTest, ABodyMayBeginWithASpace) {
    const std::string text = sample_invite("", " a\r\nb: c\r\n");
    MessageIndex index;
    ASSERT_EQ(index_by_all(text, index), ParseError::None);
    EXPECT_EQ(index.header_count, 9);
    EXPECT_EQ((MessageView{text, &index}.body()), " a\r\nb: c\r\n");
}

TEST(IndexTest, CompactFormsAndAnyCase) {
    MessageIndex index;
    std::string text = invite_with("Call-ID:", "i:");
    text = replaced(text, "From:", "F:");
    text = replaced(text, "Content-Length:", "cONTENT-lENGTH :");
    ASSERT_EQ(index_by_all(text, index), ParseError::None);
    EXPECT_TRUE(has_header(index, HeaderId::CallId));
    EXPECT_EQ(index.body.bytes, 5);
}

TEST(IndexTest, MalformedHeaderLines) {
    for (const char* line : {"Foobar roobar\r\n",
                             ": x\r\n",
                             "Bad Name: x\r\n",
                             "B\xc3\xa4r: x\r\n",
                             "a@b: x\r\n",
                             "   : x\r\n"}) {
        const std::string text = sample_invite();
        MessageIndex index;
        const std::string bad = replaced(text, "Max-Forwards", std::string(line) + "Max-Forwards");
        if (line[0] != ' ') {
            EXPECT_EQ(index_by_all(bad, index), ParseError::HeaderLineMalformed) << line;
            EXPECT_EQ(index.header_count, 9) << "the lines behind it are there";
        }
    }
    EXPECT_EQ(error_of(invite_with("Via: SIP", " Via: SIP")), ParseError::HeaderLineMalformed)
        << "the start line cannot be folded";
}

TEST(IndexTest, NamesHave255Bytes) {
    const std::string name(255, 'n');
    EXPECT_EQ(error_of(sample_invite(name + ": v\r\n")), ParseError::None);
    EXPECT_EQ(error_of(sample_invite(name + "n: v\r\n")), ParseError::HeaderNameTooLong);
}

TEST(IndexTest, HeaderLinesAreLimited) {
    std::string extra;
    for (std::size_t i = 0; i < kHeaderLinesMax - 9; ++i) {
        extra += "X-X: y\r\n";
    }
    EXPECT_EQ(error_of(sample_invite(extra)), ParseError::None);
    MessageIndex index;
    EXPECT_EQ(index_by_all(sample_invite(extra + "X-X: y\r\n"), index),
              ParseError::TooManyHeaderLines);
    EXPECT_EQ(index.header_count, kHeaderLinesMax);
    EXPECT_EQ(answer_status(ParseError::TooManyHeaderLines, index), 400);
}

TEST(IndexTest, MessagesAreLimited) {
    const std::size_t head_bytes = sample_invite("", "").size() + 4; // five digits instead of one
    const std::string body(kMessageBytesMax - head_bytes, 'b');
    const std::string text = sample_invite("", body);
    ASSERT_EQ(text.size(), kMessageBytesMax);
    MessageIndex index;
    EXPECT_EQ(index_by_all(text, index), ParseError::None);
    EXPECT_EQ(index.total_bytes, kMessageBytesMax);
    EXPECT_EQ(error_of(text + "x"), ParseError::MessageTooLong);
    EXPECT_EQ(error_of(std::string(kMessageBytesMax, 'x')), ParseError::HeadersNotTerminated);
    EXPECT_EQ(error_of(std::string(kMessageBytesMax, '\n')), ParseError::Empty);
}

TEST(IndexTest, SingletonsMustBeSingle) {
    for (const char* line : {"To: <sip:x@y>\r\n",
                             "t: <sip:x@y>\r\n",
                             "CSeq: 8 INVITE\r\n",
                             "Call-ID: 2\r\n",
                             "l: 5\r\n",
                             "Max-Forwards: 1\r\n"}) {
        MessageIndex index;
        EXPECT_EQ(index_by_all(sample_invite(line), index), ParseError::DuplicateSingleton) << line;
        EXPECT_EQ(index.header_count, 10);
        EXPECT_EQ(index.cseq_number, 7U) << "the first one counts";
    }
    EXPECT_EQ(error_of(sample_invite("User-Agent: a\r\nUser-Agent: b\r\n")), ParseError::None);
}

TEST(IndexTest, MandatoryHeaders) {
    const auto without = [](std::string_view line) {
        return error_of(replaced(sample_invite(), line, ""));
    };
    EXPECT_EQ(without("From: \"Anna\" <sip:1000@10.77.0.10>;tag=f1\r\n"), ParseError::MissingFrom);
    EXPECT_EQ(without("To: <sip:1001@10.77.0.10>\r\n"), ParseError::MissingTo);
    EXPECT_EQ(without("Call-ID: c1@10.77.0.100\r\n"), ParseError::MissingCallId);
    EXPECT_EQ(without("CSeq: 7 INVITE\r\n"), ParseError::MissingCSeq);
    EXPECT_EQ(error_of("OPTIONS sip:a@b SIP/2.0\r\n\r\n"), ParseError::MissingVia);
}

TEST(IndexTest, CSeqMustFitTheRequest) {
    EXPECT_EQ(error_of(invite_with("7 INVITE", "7 BYE")), ParseError::CSeqMethodMismatch);
    EXPECT_EQ(error_of(invite_with("7 INVITE", "7 invite")), ParseError::CSeqMethodMismatch);
    EXPECT_EQ(error_of(invite_with("7 INVITE", "INVITE")), ParseError::CSeqMalformed);
    EXPECT_EQ(error_of(invite_with("7 INVITE", "")), ParseError::CSeqMalformed);
    EXPECT_EQ(error_of(invite_with("7 INVITE", "-7 INVITE")), ParseError::CSeqMalformed);
    EXPECT_EQ(error_of(invite_with("7 INVITE", "2147483647 INVITE")), ParseError::None);
    EXPECT_EQ(error_of(invite_with("7 INVITE", "2147483648 INVITE")),
              ParseError::CSeqNumberTooLarge);
}

TEST(IndexTest, CallIdsAreKeys) {
    EXPECT_EQ(error_of(invite_with("c1@10.77.0.100", "a=;b~(x)")), ParseError::None);
    EXPECT_EQ(error_of(invite_with("c1@10.77.0.100", "")), ParseError::CallIdMalformed);
    EXPECT_EQ(error_of(invite_with("c1@10.77.0.100", "a b")), ParseError::CallIdMalformed);
}

TEST(IndexTest, NumbersOfTheHead) {
    EXPECT_EQ(error_of(invite_with("70", "0")), ParseError::None);
    EXPECT_EQ(error_of(invite_with("70", "256")), ParseError::MaxForwardsMalformed);
    EXPECT_EQ(error_of(invite_with("70", "-1")), ParseError::MaxForwardsMalformed);
    EXPECT_EQ(error_of(invite_with("Length: 5", "Length: -5")), ParseError::ContentLengthMalformed);
    EXPECT_EQ(error_of(invite_with("Length: 5", "Length: 99999999999999999999")),
              ParseError::ContentLengthMalformed);
    EXPECT_EQ(error_of(invite_with("Length: 5", "Length:")), ParseError::ContentLengthMalformed);
}

TEST(IndexTest, ContentLengthCutsTheDatagram) {
    const std::string text = sample_invite() + "trailing";
    MessageIndex index;
    ASSERT_EQ(index_by_all(text, index), ParseError::None);
    EXPECT_EQ((MessageView{text, &index}.body()), "v=0\r\n");
    EXPECT_EQ((MessageView{text, &index}.message()), sample_invite());
    EXPECT_EQ(index_by_all(invite_with("Length: 5", "Length: 6"), index),
              ParseError::BodyShorterThanContentLength);
    EXPECT_EQ(index.body.bytes, 5);
    const std::string open = replaced(sample_invite(), "Content-Length: 5\r\n", "");
    ASSERT_EQ(index_by_all(open, index), ParseError::None);
    EXPECT_EQ(index.body.bytes, 5);
}

TEST(IndexTest, TheFirstErrorCountsAndTheRestIsIndexed) {
    std::string text = invite_with("SIP/2.0\r\n", "SIP/9.0\r\n");
    text = replaced(text, "7 INVITE", "x");
    text = replaced(text, "Content-Length: 5", "Content-Length: y");
    MessageIndex index;
    EXPECT_EQ(index_by_all(text, index), ParseError::VersionNotSupported);
    EXPECT_EQ(index.header_count, 9);
    std::array<char, 1024> out = {};
    const auto refusal = write_response({text, &index}, {.status_code = 505, .reason = "no"}, out);
    EXPECT_NE(refusal.find("Via: SIP/2.0/UDP 10.77.0.99;branch=z9hG4bKa0\r\n"),
              std::string_view::npos);
}

TEST(IndexTest, EveryCutIsRefused) {
    const std::string text = sample_invite("Subject: a\r\n b\r\n");
    for_each_cut(text, [&text](std::string_view cut) {
        MessageIndex index;
        const ParseError error = index_by_all(cut, index);
        EXPECT_EQ(error == ParseError::None, cut.size() == text.size()) << cut.size();
    });
}

TEST(IndexTest, ChosenImplementationIsSupported) {
    EXPECT_TRUE(is_supported(Implementation::Scalar));
    EXPECT_TRUE(is_supported(chosen_implementation()));
}

TEST(IndexTest, ImplementationsAreChosenByName) {
    const Implementation fastest = choose_implementation(nullptr);
    for (const ImplementationRow& row : kImplementations) {
        const std::string name(row.name);
        EXPECT_EQ(choose_implementation(name.c_str()),
                  is_supported(row.implementation) ? row.implementation : fastest)
            << name;
        EXPECT_LE(row.implementation == fastest || !is_supported(row.implementation) ? 0 : 1,
                  static_cast<int>(fastest))
            << "the fastest is the last one that is supported";
    }
    EXPECT_EQ(choose_implementation("sse2"), fastest);
    EXPECT_EQ(choose_implementation(""), fastest);
}

TEST(IndexTest, ErrorsHaveAPlace) {
    const auto place_of = [](const std::string& text) {
        MessageIndex index;
        EXPECT_NE(index_by_all(text, index), ParseError::None);
        return std::string_view(text).substr(index.error_offset, 6);
    };
    EXPECT_EQ(place_of(invite_with("7 INVITE", "7 ACK")), "7 ACK\r");
    EXPECT_EQ(place_of(invite_with("Max-Forwards: 70", "Max-Forwards: 7x")), "7x\r\nFr");
    EXPECT_EQ(place_of(invite_with("Max-Forwards:", "Max Forwards:")), "Max Fo");
    EXPECT_EQ(place_of(invite_with("Content-Length: 5", "Content-Length: 6")), "6\r\n\r\nv");
    EXPECT_EQ(place_of(invite_with("SIP/2.0\r\n", "SIP/3.0\r\n")), "INVITE");
    EXPECT_EQ(place_of(invite_with("CSeq: 7 INVITE\r\n", "")), "v=0\r\n") << "the head is over";
    MessageIndex index;
    EXPECT_EQ(index_by_all(sample_invite(), index), ParseError::None);
    EXPECT_EQ(index.error_offset, 0);
}

} // namespace

} // namespace tandem::sipparse
