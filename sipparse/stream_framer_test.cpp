// SPDX-License-Identifier: Apache-2.0
//
// Messages in a stream, however it is cut.
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/stream_framer.hpp"

namespace tandem::sipparse {

namespace {

// Feeds the stream in pieces of `piece` bytes; the messages that came out. What the framer has
// looked at is overwritten, so that it would be found out if it looked again.
std::vector<std::string> messages_in(const std::string& stream, std::size_t piece) {
    std::vector<std::string> messages;
    StreamFramer framer;
    std::string buffer; // as it came
    std::string shown;  // what the framer sees
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        buffer += stream.substr(at, piece);
        shown += stream.substr(at, piece);
        while (true) {
            const Frame frame = framer.look(shown);
            EXPECT_EQ(frame.error, FrameError::None) << shown;
            if (!frame.is_whole) {
                break;
            }
            messages.push_back(buffer.substr(frame.skipped, frame.bytes));
            buffer.erase(0, frame.skipped + frame.bytes);
            shown = buffer;
            framer.next();
        }
        // All but the line under way, which is read when it ends.
        const std::size_t line = shown.rfind('\n');
        for (std::size_t i = 0; line != std::string::npos && i < line; ++i) {
            shown[i] = 'x';
        }
    }
    EXPECT_EQ(buffer.find_first_not_of("\r\n"), std::string::npos) << buffer;
    return messages;
}

TEST(StreamFramerTest, MessagesInAnyPieces) {
    const std::vector<std::string> sent = {
        sample_invite(),
        sample_invite("X: 1\r\n", std::string(700, 'b')),
        "OPTIONS sip:a@b SIP/2.0\nl: 0\n\n",
        "SIP/2.0 200 OK\r\nContent-Length :\r\n  3\r\n\r\nabc",
    };
    std::string stream;
    for (const std::string& message : sent) {
        stream += "\r\n\r\n" + message;
    }
    stream += "\r\n";
    for (std::size_t piece = 1; piece <= 90; ++piece) {
        EXPECT_EQ(messages_in(stream, piece), sent) << piece;
    }
    EXPECT_EQ(messages_in(stream, stream.size()), sent);
}

TEST(StreamFramerTest, KeepAlivesAreSkippedAndNothingElse) {
    StreamFramer framer;
    const Frame ping = framer.look("\r\n\r\n");
    EXPECT_FALSE(ping.is_whole);
    EXPECT_EQ(ping.skipped, 4U);
    const Frame message = framer.look("\r\n\r\nA\r\nl: 0\r\n\r\n");
    EXPECT_TRUE(message.is_whole);
    EXPECT_EQ(message.skipped, 4U);
    EXPECT_EQ(message.bytes, 11U);
}

FrameError error_of(std::string_view stream) {
    StreamFramer framer;
    const Frame frame = framer.look(stream);
    EXPECT_FALSE(frame.is_whole);
    EXPECT_EQ(framer.look(std::string(stream) + "more").error, frame.error) << "it stays";
    EXPECT_FALSE(sentence(frame.error).empty());
    return frame.error;
}

TEST(StreamFramerTest, Errors) {
    EXPECT_EQ(error_of("A\r\nB: 1\r\n\r\n"), FrameError::MissingContentLength);
    EXPECT_EQ(error_of("A\r\nl: x\r\n"), FrameError::ContentLengthMalformed);
    EXPECT_EQ(error_of("A\r\nl: 1\r\nContent-Length: 1\r\n"), FrameError::ContentLengthMalformed);
    EXPECT_EQ(error_of("A\r\nl:\r\nB: 1\r\n"), FrameError::ContentLengthMalformed);
    EXPECT_EQ(error_of("A\r\nl:\r\n \r\n"), FrameError::ContentLengthMalformed);
    EXPECT_EQ(error_of("A\r\nl: 65536\r\n\r\n"), FrameError::MessageTooLong);
    EXPECT_EQ(error_of(std::string(65'536, 'a')), FrameError::MessageTooLong);
    EXPECT_EQ(error_of("A\r\nl: 65500\r\n"), FrameError::None);
}

} // namespace

} // namespace tandem::sipparse
