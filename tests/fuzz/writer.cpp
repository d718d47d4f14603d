// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: lines that say what to edit and to answer, and behind them a message. What is
// written is read again and has the fields that a slow model of a message makes of the same edits;
// a response has what RFC 3261 8.2.6.2 takes from its request, also from one that is refused. With
// a byte less room there is nothing. Built with libFuzzer.
#include "sipparse/writer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "sipparse/index.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/message_model_test.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sdp.hpp"
#include "sipparse/via.hpp"
#include "sipparse/write_sdp.hpp"
#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

using namespace sipparse; // NOLINT(google-build-using-namespace): all of it is under test

constexpr std::size_t kEditsMax = 8;
constexpr std::size_t kInputBytesMax = 8192;
constexpr std::size_t kRoomBytes = 60'000; // more than any message of that size can become

struct Indexed {
    explicit Indexed(std::string_view text) : bytes(text), error(index_datagram(text, index)) {}

    [[nodiscard]] MessageView view() const { return {bytes, &index}; }

    std::string_view bytes;
    MessageIndex index;
    ParseError error;
};

// What stands before the message, a line each: "-Name" removes, "^Name" removes the first,
// "=Name:value" replaces, "+Name:value" appends, ">Name:value" prepends; a "|" in a value is a line
// end. "!" has a letter for each thing that is wanted of a response.
struct Orders {
    std::deque<std::string> values; // what the edits look at
    std::vector<HeaderEdit> edits;
    std::string_view flags;
    bool has_unusable_name = false; // in a line that is added

    [[nodiscard]] bool has(char flag) const { return flags.find(flag) != std::string_view::npos; }
};

void take_edit(EditKind kind, std::string_view line, Orders& orders) {
    const std::size_t colon = line.find(':');
    HeaderEdit edit{.kind = kind, .name = line.substr(0, colon)};
    edit.id = find_header_id(edit.name);
    if (edit.id == HeaderId::ContentLength || edit.name.size() > kHeaderNameBytesMax) {
        return;
    }
    for (const HeaderEdit& other : orders.edits) {
        // Which of two counts is not said.
        if (detail::is_on_existing(kind) && detail::is_on_existing(other.kind) &&
            make_field(edit.id, edit.name, {}).name == make_field(other.id, other.name, {}).name) {
            return;
        }
    }
    if (!is_token(edit.name)) {
        orders.has_unusable_name = orders.has_unusable_name || !detail::is_on_existing(kind);
        if (detail::is_on_existing(kind)) {
            return;
        }
    }
    std::string& value = orders.values.emplace_back(
        colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1));
    for (std::size_t bar = value.find('|'); bar != std::string::npos; bar = value.find('|', bar)) {
        value.replace(bar, 1, "\r\n");
    }
    edit.value = value;
    orders.edits.push_back(edit);
}

// Takes the orders off the front of the text.
Orders take_orders(std::string_view& text) {
    constexpr std::string_view kMarks = "-^=+>"; // in the order of EditKind
    Orders orders;
    for (std::size_t lines = 0; lines < kEditsMax; ++lines) {
        const std::size_t end = text.find('\n');
        const std::size_t kind = text.empty() ? std::string_view::npos : kMarks.find(text[0]);
        if (end == std::string_view::npos ||
            (kind == std::string_view::npos && text.front() != '!')) {
            break;
        }
        const std::string_view line = text.substr(1, end - 1);
        if (kind == std::string_view::npos) {
            orders.flags = line;
        } else {
            take_edit(static_cast<EditKind>(kind), line, orders);
        }
        text.remove_prefix(end + 1);
    }
    return orders;
}

// What write(std::span<char>) writes, into memory of just its size as well, and nothing into less.
template <typename Write>
std::string written(Write write) {
    static std::vector<char> room(kRoomBytes);
    std::string text(write(std::span(room)));
    if (!text.empty()) {
        std::vector<char> exact(text.size());
        require(write(std::span(exact)) == text);
        std::vector<char> less(text.size() - 1);
        require(write(std::span(less)).empty());
    }
    return text;
}

bool is_checked_by_the_index(HeaderId id) {
    return id == HeaderId::CSeq || id == HeaderId::CallId || id == HeaderId::MaxForwards;
}

void check_start_line(const MessageView& before, const MessageView& after) {
    require(before.is_request() == after.is_request());
    require(before.status_code() == after.status_code());
    require(before.reason() == after.reason());
    require(before.request_uri() == after.request_uri());
    require(before.is_response() || before.method_text() == after.method_text());
}

void check_edited(const Indexed& message,
                  const Orders& orders,
                  std::optional<std::string_view> body) {
    const std::string text = written([&](std::span<char> out) {
        return write_edited(message.view(), {.headers = orders.edits, .body = body}, out);
    });
    require(text.empty() == orders.has_unusable_name);
    const std::string_view expected_body = body.value_or(message.view().body());
    const Fields fields = edited(fields_of(message.view()), orders.edits, expected_body.size());
    if (text.empty() || fields.size() > kHeaderLinesMax) {
        return;
    }
    require(has_whole_lines(text));
    const Indexed result(text);
    require(fields_of(result.view()) == fields);
    require(result.view().body() == expected_body && result.index.total_bytes == text.size());
    check_start_line(message.view(), result.view());
    bool is_checked = true;
    for (const HeaderEdit& edit : orders.edits) {
        is_checked = is_checked && !is_checked_by_the_index(edit.id);
    }
    if (is_checked) {
        require((result.error == ParseError::None) == are_complete(fields));
    }
    // Every line is as a writer writes it now, so that a copy is the same.
    require(written([&](std::span<char> out) { return write_edited(result.view(), {}, out); }) ==
            text);
}

// The body of the message held, as a body of it.
void check_session(const Indexed& message, const Orders& orders) {
    const SdpResult session = parse_sdp(message.view().body());
    if (session.error != SdpError::None) {
        return;
    }
    const SdpEdit hold{.direction = SdpDirection::SendOnly};
    const std::string held = written([&](std::span<char> out) {
        return write_sdp(session.sdp, {.medias = std::span(&hold, 1)}, out);
    });
    const SdpResult after = parse_sdp(held);
    require(after.error == SdpError::None && after.sdp.media_count == session.sdp.media_count);
    for (const SdpMedia& media : after.sdp.medias()) {
        require(media.direction == SdpDirection::SendOnly);
    }
    check_edited(message, orders, held);
}

// What becomes of a malformed top Via is not said where something is to be set in it, and a
// malformed To may have a tag or not.
void forget_malformed(const MessageView& request, const ResponseOptions& options, Fields& fields) {
    const auto to = request.find(HeaderId::To);
    const bool forgets_to = to && !parse_name_addr(*to);
    bool forgets_via = !top_via(request) && (!options.received.empty() || options.rport != 0);
    for (Field& field : fields) {
        if (field.id == HeaderId::Via && forgets_via) {
            field.value.clear();
            forgets_via = false;
        }
        if (field.id == HeaderId::To && forgets_to) {
            field.value.resize(std::min(field.value.size(), on_one_line(*to).size()));
        }
    }
}

// The same response from the lines of an earlier one.
void check_from_head(const Indexed& request,
                     const ResponseOptions& options,
                     const std::string& text) {
    ResponseOptions of_head = options;
    of_head.to_tag = {};
    of_head.copy_record_route = true;
    of_head.content_type = {};
    of_head.body = {};
    const std::string head =
        written([&](std::span<char> out) { return write_response(request.view(), of_head, out); });
    require(written([&](std::span<char> out) {
                return write_response_from_head(head, options, out);
            }) == text);
}

void check_response(const Indexed& request, const Orders& orders) {
    const ResponseOptions options{
        .status_code = 486,
        .reason = "Busy Here",
        .to_tag = orders.has('t') ? "t9" : "",
        .received = orders.has('v') ? "192.0.2.1" : "",
        .rport = static_cast<std::uint16_t>(orders.has('p') ? 5070 : 0),
        .copy_record_route = orders.has('r'),
        .content_type = orders.has('b') ? "text/plain" : "",
        .body = orders.has('b') ? "\r\n\r\nbody" : "",
    };
    const std::string text =
        written([&](std::span<char> out) { return write_response(request.view(), options, out); });
    Fields fields = answered(fields_of(request.view()), options);
    require(has_whole_lines(text));
    if (fields.size() > kHeaderLinesMax) {
        return;
    }
    const Indexed result(text);
    Fields found = fields_of(result.view());
    forget_malformed(request.view(), options, fields);
    forget_malformed(request.view(), options, found);
    require(with_plain_top_via(found) == with_plain_top_via(fields));
    require(result.view().status_code() == 486 && result.view().body() == options.body);
    if (request.error == ParseError::None) {
        require(result.error == ParseError::None);
        require(result.view().method_text() == request.view().method_text());
        require(result.view().cseq_number() == request.view().cseq_number());
    }
    check_from_head(request, options, text);
}

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    if (size > fuzz::kInputBytesMax) {
        return 0;
    }
    fuzz::Input input(data, size);
    const fuzz::Piece all = input.rest();
    std::string_view text = all.text();
    const fuzz::Orders orders = fuzz::take_orders(text);
    const fuzz::Indexed message(text);
    const bool is_good = message.error == sipparse::ParseError::None;
    if (is_good && orders.has('s')) {
        fuzz::check_session(message, orders);
    } else if (is_good) {
        fuzz::check_edited(message, orders, {});
    }
    const bool is_answered = is_good || sipparse::answer_status(message.error, message.index) != 0;
    if (message.view().is_request() && is_answered) {
        fuzz::check_response(message, orders);
    }
    return 0;
}
