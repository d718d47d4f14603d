// SPDX-License-Identifier: Apache-2.0
//
// Properties of everything that writes messages, over messages drawn from a seed (it is the number
// in the name of the test): what is written is read again, and is what the model of a message as a
// list of fields says. Whatever room there is, nothing is written behind it, and too little room is
// an empty result.
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/random_message_test.hpp"

namespace tandem::sipparse {

// How GoogleTest shows a field.
inline void PrintTo(const Field& field, std::ostream* out) {
    *out << field.name << ": " << testing::PrintToString(field.value);
}

namespace {

constexpr int kRounds = 250;
constexpr std::size_t kRoomBytes = 64'000;
constexpr std::size_t kGuardBytes = 64;
constexpr char kUntouched = '\xa5';

struct Room {
    explicit Room(std::size_t bytes) : memory(bytes + kGuardBytes, kUntouched) {}

    [[nodiscard]] std::span<char> span() { return {memory.data(), memory.size() - kGuardBytes}; }

    [[nodiscard]] bool is_guard_untouched() const {
        return std::all_of(
            memory.end() - kGuardBytes, memory.end(), [](char c) { return c == kUntouched; });
    }

    std::vector<char> memory;
};

class WriterPropertyTest : public testing::TestWithParam<std::uint32_t> {
  protected:
    // The message in memory of just its size, and its index.
    struct Source {
        explicit Source(const RandomMessage& message) : bytes(message.text) {
            const ParseError error = index_datagram(bytes.text(), index);
            EXPECT_EQ(error, ParseError::None) << sentence(error);
            EXPECT_EQ(fields_of(view()), message.fields);
            EXPECT_EQ(view().body(), message.body);
        }

        [[nodiscard]] MessageView view() const { return {bytes.text(), &index}; }

        ExactText bytes;
        MessageIndex index;
    };

    // What write(std::span<char>) writes, having tried it with less room too.
    template <typename Write>
    std::string written(Write write) {
        Room enough(kRoomBytes);
        const std::string text(write(enough.span()));
        EXPECT_FALSE(text.empty());
        for (const std::size_t bytes :
             {std::size_t{0}, maker_.below(text.size() + 1), text.size() - 1, text.size()}) {
            Room room(bytes);
            EXPECT_EQ(write(room.span()), bytes < text.size() ? std::string_view() : text);
            EXPECT_TRUE(room.is_guard_untouched()) << bytes << " of " << text.size();
        }
        return text;
    }

    // Is it read as these fields and that body?
    static IndexedMessage
    expect_read(const std::string& text, const Fields& fields, std::string_view body) {
        EXPECT_TRUE(has_whole_lines(text));
        IndexedMessage message(text);
        EXPECT_EQ(message.error == ParseError::None, are_complete(fields))
            << sentence(message.error);
        EXPECT_EQ(with_plain_top_via(fields_of(message.view())), with_plain_top_via(fields));
        EXPECT_EQ(message.view().body(), body);
        EXPECT_EQ(message.index.total_bytes, text.size());
        return message;
    }

    // Each round has a message of its own.
    template <typename Check>
    void for_each_round(Check check) {
        for (int round = 0; round < kRounds; ++round) {
            const RandomMessage message = maker_.message(maker_.below(4) != 0 || only_requests_);
            check(message, Source(message));
            ASSERT_FALSE(HasFailure())
                << "round " << round << ": " << testing::PrintToString(message.text);
        }
    }

    MessageMaker maker_{GetParam()};
    bool only_requests_ = false;
};

void expect_start_line(const MessageView& view,
                       const RandomMessage& message,
                       std::string_view uri) {
    ASSERT_EQ(view.is_request(), message.is_request);
    if (message.is_request) {
        EXPECT_EQ(view.method_text(), message.method);
        EXPECT_EQ(view.request_uri(), uri);
    } else {
        EXPECT_EQ(view.status_code(), message.status_code);
        EXPECT_EQ(view.reason(), message.reason);
    }
}

TEST_P(WriterPropertyTest, AnEditChangesWhatItNamesAndNothingElse) {
    for_each_round([this](const RandomMessage& message, const Source& source) {
        const RandomEdits made = maker_.edits(message);
        const std::string body = maker_.body();
        MessageEdits edits{.headers = made.edits};
        if (maker_.one_in(2)) {
            edits.request_uri = "sip:new@uri";
        }
        if (maker_.one_in(2)) {
            edits.body = body;
        }
        const std::string text = written([&source, &edits](std::span<char> out) {
            return write_edited(source.view(), edits, out);
        });
        const std::string_view expected_body = edits.body.value_or(message.body);
        const Fields fields = edited(message.fields, made.edits, expected_body.size());
        const IndexedMessage result = expect_read(text, fields, expected_body);
        expect_start_line(result.view(),
                          message,
                          edits.request_uri.empty() ? message.request_uri : edits.request_uri);
    });
}

TEST_P(WriterPropertyTest, ALineNoEditConcernsComesOutAsItIs) {
    for_each_round([this](const RandomMessage& message, const Source& source) {
        const auto copy = [](const MessageView& view) {
            return [view](std::span<char> out) { return write_edited(view, {}, out); };
        };
        const std::string text = written(copy(source.view()));
        std::size_t at = text.find("\r\n") + 2;
        for (std::size_t line = 0; line < message.lines.size(); ++line) {
            const std::string& expected = message.lines[line];
            if (message.fields[line].id == HeaderId::ContentLength) {
                continue;
            }
            const std::string found = text.substr(at, text.find("\r\n", at) + 2 - at);
            // One that is folded or ends in another way is spelt anew, and so is the last one
            // before an empty line that ends in another way.
            const bool is_last = line + 1 == message.lines.size();
            if (expected.find('\n') + 1 == expected.size() && expected.ends_with("\r\n") &&
                (!is_last || message.empty_line == "\r\n")) {
                EXPECT_EQ(found, expected);
            }
            at += found.size();
        }
        EXPECT_EQ(text.substr(at),
                  "Content-Length: " + std::to_string(message.body.size()) + "\r\n\r\n" +
                      message.body);
        const IndexedMessage again(text);
        EXPECT_EQ(written(copy(again.view())), text);
    });
}

// What a proxy does (RFC 3261 16.6, 16.7), and back.
TEST_P(WriterPropertyTest, WhatIsPushedIsPopped) {
    for_each_round([this](const RandomMessage& message, const Source& source) {
        const std::array push = {
            HeaderEdit{.kind = EditKind::Prepend, .id = HeaderId::Via, .value = "SIP/2.0/UDP me"},
            HeaderEdit{.kind = EditKind::Prepend, .id = HeaderId::Route, .value = "<sip:next;lr>"},
            HeaderEdit{
                .kind = EditKind::Prepend, .id = HeaderId::RecordRoute, .value = "<sip:me;lr>"}};
        const IndexedMessage pushed(written([&source, &push](std::span<char> out) {
            return write_edited(source.view(), {.headers = push}, out);
        }));
        Fields fields = edited(message.fields, {}, message.body.size());
        fields.insert(fields.begin(),
                      {make_field(HeaderId::Via, {}, push[0].value),
                       make_field(HeaderId::Route, {}, push[1].value),
                       make_field(HeaderId::RecordRoute, {}, push[2].value)});
        expect_read(pushed.bytes, fields, message.body);
        const std::array pop = {
            HeaderEdit{.kind = EditKind::RemoveFirst, .id = HeaderId::Via},
            HeaderEdit{.kind = EditKind::RemoveFirst, .id = HeaderId::Route},
            HeaderEdit{.kind = EditKind::RemoveFirst, .id = HeaderId::RecordRoute}};
        fields.erase(fields.begin(), fields.begin() + 3);
        expect_read(written([&pushed, &pop](std::span<char> out) {
                        return write_edited(pushed.view(), {.headers = pop}, out);
                    }),
                    fields,
                    message.body);
    });
}

struct Answer {
    std::string body;
    std::string value;
    std::array<ExtraHeader, 2> headers;
    ResponseOptions options;
};

void make_answer(MessageMaker& maker, Answer& answer) {
    answer.body = maker.body();
    answer.value = maker.free_text() + "\r\nEvil: 1";
    answer.headers = {ExtraHeader{.id = HeaderId::Contact, .value = answer.value},
                      ExtraHeader{.value = answer.value, .name = "X-Token"}};
    answer.options = {.status_code = static_cast<std::uint16_t>(100 + maker.below(600)),
                      .reason = "Some Reason",
                      .to_tag = maker.one_in(2) ? "t9" : "",
                      .copy_record_route = maker.one_in(2),
                      .headers = std::span(answer.headers).first(maker.below(3)),
                      .content_type = maker.one_in(2) ? "application/sdp" : "",
                      .body = answer.body};
}

TEST_P(WriterPropertyTest, AResponseHasWhatTheRfcSaysOfItsRequest) {
    only_requests_ = true;
    for_each_round([this](const RandomMessage& message, const Source& source) {
        Answer answer;
        make_answer(maker_, answer);
        ResponseOptions& options = answer.options;
        options.received = maker_.one_in(2) ? "198.51.100.9" : "";
        options.rport = static_cast<std::uint16_t>(maker_.one_in(2) ? 5070 : 0);
        const std::string text = written([&source, &options](std::span<char> out) {
            return write_response(source.view(), options, out);
        });
        const IndexedMessage result =
            expect_read(text, answered(message.fields, options), answer.body);
        EXPECT_EQ(result.view().status_code(), options.status_code);
        EXPECT_EQ(result.view().reason(), options.reason);
        EXPECT_EQ(result.view().method_text(), message.method);

        const IndexedMessage head(written([&source, &options](std::span<char> out) {
            return write_response(source.view(),
                                  {.status_code = 100,
                                   .reason = "Trying",
                                   .received = options.received,
                                   .rport = options.rport,
                                   .copy_record_route = true},
                                  out);
        }));
        EXPECT_EQ(written([&head, &options](std::span<char> out) {
                      return write_response_from_head(head.bytes, options, out);
                  }),
                  text);
    });
}

// By each function of the writer.
void write_part(MessageWriter& writer, const HeaderEdit& part, std::size_t way) {
    const std::string_view front = part.value.substr(0, part.value.size() / 2);
    const std::string_view back = part.value.substr(front.size());
    if (part.id == HeaderId::Other && way == 0) {
        writer.header_raw(part.name, part.value);
    } else if (part.id == HeaderId::Other) {
        writer.begin_header_raw(part.name);
        writer.value(front);
        writer.value(back);
        writer.end_header();
    } else if (way == 0) {
        writer.header(part.id, part.value);
    } else if (way == 1) {
        writer.header(part.id, {front, "", back});
    } else {
        writer.begin_header(part.id);
        writer.value(part.value);
        writer.end_header();
    }
}

TEST_P(WriterPropertyTest, ARequestIsItsParts) {
    only_requests_ = true;
    for_each_round([this](const RandomMessage& message, const Source& source) {
        std::vector<HeaderEdit> parts;
        for (std::size_t line = 0; line < source.view().header_count(); ++line) {
            const HeaderView header = source.view().header(line);
            if (header.id != HeaderId::ContentLength && header.id != HeaderId::ContentType) {
                parts.push_back({.id = header.id, .value = header.value, .name = header.name});
            }
        }
        const std::size_t way = maker_.below(3);
        const std::uint64_t number = maker_.below(256) << (8 * maker_.below(8));
        const std::string text = written([&](std::span<char> out) {
            MessageWriter writer(out);
            writer.request_line(message.method, message.request_uri);
            for (std::size_t i = 0; i < parts.size(); ++i) {
                write_part(writer, parts[i], (way + i) % 3);
            }
            writer.header(HeaderId::Timestamp, number);
            writer.body("text/plain", message.body);
            return writer.finish();
        });
        Fields fields;
        for (const HeaderEdit& part : parts) {
            fields.push_back(make_field(part.id, part.name, part.value));
        }
        fields.push_back(make_field(HeaderId::Timestamp, {}, std::to_string(number)));
        fields.push_back(make_field(HeaderId::ContentType, {}, "text/plain"));
        fields.push_back(
            make_field(HeaderId::ContentLength, {}, std::to_string(message.body.size())));
        const IndexedMessage result = expect_read(text, fields, message.body);
        expect_start_line(result.view(), message, message.request_uri);
    });
}

INSTANTIATE_TEST_SUITE_P(Seeds, WriterPropertyTest, testing::Range(1U, 9U), [](const auto& seed) {
    return std::to_string(seed.param);
});

} // namespace

} // namespace tandem::sipparse
