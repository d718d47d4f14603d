// SPDX-License-Identifier: Apache-2.0
//
// For the tests of the writer: well formed messages drawn from a seed, with all that is allowed and
// rarely seen (compact names, folds, white space, bare LF, empty list elements, any order), beside
// the list of fields they were made from. Edits for them are drawn too.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "sipparse/message_model_test.hpp"
#include "sipparse/method.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

struct RandomMessage {
    std::string text;
    bool is_request = true;
    std::string method;
    std::string request_uri;
    std::uint16_t status_code = 0;
    std::string reason;
    std::vector<std::string> lines; // of the header, as written, with their ends
    Fields fields;                  // the same as a reader has to find them
    std::string empty_line;
    std::string body;
};

struct RandomEdits {
    std::deque<std::string> texts; // what the edits look at
    std::vector<HeaderEdit> edits;
};

class MessageMaker {
  public:
    explicit MessageMaker(std::uint32_t seed) : random_(seed) {}

    std::size_t below(std::size_t bound) { return random_() % bound; }

    // Once in that many times.
    bool one_in(std::size_t times) { return below(times) == 0; }

    template <std::size_t kCount>
    std::string pick(const std::array<std::string_view, kCount>& texts) {
        return std::string(texts[below(kCount)]);
    }

    RandomMessage message(bool is_request);
    RandomEdits edits(const RandomMessage& message);

    // Any value a header of that id may have, with its folds; the method is that of CSeq.
    std::string value(HeaderId id, const std::string& method);

    // Any but Other and Content-Length.
    HeaderId header_id();

    std::string unknown_name() {
        static constexpr auto kNames = std::to_array<std::string_view>(
            {"X-A", "x-b", "X-Genesys-CallUUID", "!%*_+`'~.", "Vi", "Viaa", "q", "Content_Length"});
        return one_in(9) ? "X-" + std::string(below(250), 'n') : pick(kNames);
    }

    std::string body() {
        static constexpr auto kPieces = std::to_array<std::string_view>(
            {"v=0\r\n", "\r\n\r\n", "Via: x\r\n", " ", "m=audio 1 RTP/AVP 0\n", "\r", "abc"});
        std::string text;
        for (std::size_t pieces = one_in(3) ? 0 : below(8); pieces > 0; --pieces) {
            text +=
                one_in(6) ? std::string(below(300), static_cast<char>(below(256))) : pick(kPieces);
        }
        return text;
    }

    std::string free_text();

  private:
    // White space inside a value.
    std::string gap() {
        static constexpr auto kGaps = std::to_array<std::string_view>(
            {"  ", "\t", "\r\n ", "\n\t", "\r\n \t ", "\r\n  \r\n\t", " \n  "});
        return is_odd_ && one_in(4) ? pick(kGaps) : " ";
    }

    std::string maybe_gap() { return is_odd_ && one_in(3) ? gap() : ""; }

    std::string line_end() { return is_odd_ && one_in(5) ? "\n" : "\r\n"; }

    std::string list_of(HeaderId id);
    std::string via();
    std::string address(bool with_tag);
    std::string name_as_written(HeaderId id);
    void add_line(HeaderId id, const std::string& value, RandomMessage& message);
    std::vector<HeaderId> ids();

    std::mt19937 random_;
    bool is_odd_ = true; // of the message that is being made
};

inline HeaderId MessageMaker::header_id() {
    HeaderId id = HeaderId::Other;
    while (id == HeaderId::Other || id == HeaderId::ContentLength) {
        id = static_cast<HeaderId>(below(kHeaderIdCount));
    }
    return id;
}

// Whatever no parser has to like; no part of it is a line.
inline std::string MessageMaker::free_text() {
    static constexpr auto kWords =
        std::to_array<std::string_view>({"abc",
                                         "\"a, b\\\"\"",
                                         "<sip:a@b;lr>",
                                         "\xc3\xa4\xff",
                                         "\"open",
                                         ";x=1",
                                         ":",
                                         ",",
                                         "\x01",
                                         "70",
                                         "Via: none",
                                         "a-long-word-of-more-than-thirty-two-bytes"});
    std::string text;
    for (std::size_t words = below(6); words > 0; --words) {
        text += pick(kWords) + (words > 1 ? gap() : "");
    }
    return text;
}

inline std::string MessageMaker::via() {
    static constexpr auto kParams = std::to_array<std::string_view>({"branch=z9hG4bK1",
                                                                     "ttl=7",
                                                                     "x=\"a;b,c\\\"d\"",
                                                                     "y",
                                                                     "maddr=224.0.0.1",
                                                                     "branch=z9hG4bK-"});
    static constexpr auto kHosts = std::to_array<std::string_view>(
        {"h", "10.0.0.1:5060", "[2001:db8::1]:5061", "a.b.example"});
    std::vector<std::string> params;
    for (std::size_t count = below(4); count > 0; --count) {
        params.push_back(pick(kParams));
    }
    if (one_in(2)) {
        params.insert(params.begin() + static_cast<std::ptrdiff_t>(below(params.size() + 1)),
                      one_in(2) ? "rport" : "RPort" + maybe_gap() + "=" + maybe_gap() + "5");
    }
    if (one_in(3)) {
        params.insert(params.begin() + static_cast<std::ptrdiff_t>(below(params.size() + 1)),
                      one_in(2) ? "received=192.0.2.7" : "Received" + maybe_gap() + "=[::1]");
    }
    std::string text = "SIP/2.0/UDP" + gap() + pick(kHosts);
    for (const std::string& param : params) {
        text += maybe_gap() + ";" + maybe_gap() + param;
    }
    return text;
}

inline std::string MessageMaker::list_of(HeaderId id) {
    static constexpr auto kElements =
        std::to_array<std::string_view>({"<sip:p1;lr>",
                                         "\"x, y\\\\\" <sip:a@b>;q=0.5",
                                         "<sip:a,b@c>;x=\">,<\"",
                                         "token",
                                         "a/b;c=\"d\\\",\"",
                                         "<sip:[::1];x=\"",
                                         "t;u"});
    std::string text;
    for (std::size_t count = 1 + below(3); count > 0; --count) {
        std::string element = id == HeaderId::Via ? via() : pick(kElements);
        // What is left open takes the rest of the line.
        text += element + (count > 1 ? maybe_gap() + "," + maybe_gap() : "");
        text += count > 1 && id != HeaderId::Via && one_in(8) ? "," + maybe_gap() : "";
    }
    if (id != HeaderId::Via && one_in(10)) {
        return one_in(3) ? "" : "," + maybe_gap() + text;
    }
    return text;
}

inline std::string MessageMaker::address(bool with_tag) {
    static constexpr auto kAddresses =
        std::to_array<std::string_view>({"sip:a@b",
                                         "<sip:a@b;tag=of-the-uri>",
                                         "\"Anna; tag=x, \\\"<\" <sip:a@b>",
                                         "Anna <sip:a@b>",
                                         "\"\" <sips:a@[::1]>;x=\";tag=y\""});
    std::string text = pick(kAddresses);
    text += one_in(4) ? maybe_gap() + ";user-param" : "";
    text += with_tag ? maybe_gap() + ";" + maybe_gap() + (one_in(3) ? "TAG=t1" : "tag=t1") : "";
    return text + (one_in(4) ? ";z=1" : "");
}

inline std::string MessageMaker::value(HeaderId id, const std::string& method) {
    switch (id) {
    case HeaderId::From:
        return address(true);
    case HeaderId::To:
        return address(one_in(2));
    case HeaderId::CallId:
        return one_in(2) ? "c1@h" : std::string(1 + below(60), 'i');
    case HeaderId::CSeq:
        return std::to_string(below(1U << 31U)) + gap() + method;
    case HeaderId::MaxForwards:
        return std::to_string(below(256));
    default:
        return header_row(id).is_list ? list_of(id) : free_text();
    }
}

inline std::string MessageMaker::name_as_written(HeaderId id) {
    std::string name(header_name(id));
    if (is_odd_ && one_in(3)) {
        const char compact = header_row(id).compact;
        name = compact != 0 ? std::string(1, compact) : in_small_letters(name);
    }
    if (is_odd_ && one_in(4)) {
        for (char& c : name) {
            c = c >= 'a' && c <= 'z' && one_in(2) ? static_cast<char>(c - 'a' + 'A') : c;
        }
    }
    return name;
}

inline void MessageMaker::add_line(HeaderId id, const std::string& value, RandomMessage& message) {
    static constexpr auto kBeforeColon = std::to_array<std::string_view>({" ", "\t", " \t "});
    const std::string name = id == HeaderId::Other ? unknown_name() : name_as_written(id);
    std::string line = name + (is_odd_ && one_in(6) ? pick(kBeforeColon) : "") + ":";
    line += is_odd_ && one_in(3) ? maybe_gap() : " ";
    line += value + (one_in(5) ? maybe_gap() : "") + line_end();
    message.text += line;
    message.lines.push_back(line);
    message.fields.push_back(make_field(id, name, value));
}

// All that a message needs and some more, in any order.
inline std::vector<HeaderId> MessageMaker::ids() {
    std::vector<HeaderId> ids = {
        HeaderId::Via, HeaderId::From, HeaderId::To, HeaderId::CallId, HeaderId::CSeq};
    std::size_t more = one_in(20) ? 200 : below(20);
    for (; more > 0; --more) {
        static constexpr auto kUsual = std::to_array<HeaderId>({HeaderId::Via,
                                                                HeaderId::Route,
                                                                HeaderId::RecordRoute,
                                                                HeaderId::MaxForwards,
                                                                HeaderId::Contact,
                                                                HeaderId::Other});
        const HeaderId id = one_in(2) ? kUsual[below(kUsual.size())] : header_id();
        if (!header_row(id).is_singleton || std::ranges::find(ids, id) == ids.end()) {
            ids.push_back(id);
        }
    }
    if (one_in(2)) {
        ids.push_back(HeaderId::ContentLength);
    }
    if (is_odd_) {
        std::ranges::shuffle(ids, random_);
    }
    return ids;
}

inline RandomMessage MessageMaker::message(bool is_request) {
    static constexpr auto kMethods =
        std::to_array<std::string_view>({"INVITE", "ACK", "BYE", "OPTIONS", "NEWMETHOD", "x.y"});
    static constexpr auto kUris = std::to_array<std::string_view>(
        {"sip:a@b", "sips:[::1]:5061;lr", "tel:+1-2", "sip:a%20b@c?x=y", "x:"});
    static constexpr auto kReasons =
        std::to_array<std::string_view>({"OK", "", " two  words ", "\xc3\xa4"});
    is_odd_ = one_in(2);
    RandomMessage made;
    made.is_request = is_request;
    made.method = pick(kMethods);
    made.request_uri = pick(kUris);
    made.status_code = static_cast<std::uint16_t>(100 + below(600));
    made.reason = pick(kReasons);
    made.body = body();
    made.text = is_odd_ && one_in(5) ? "\r\n\r\n" : "";
    made.text += is_request ? made.method + " " + made.request_uri + " SIP/2.0"
                            : "SIP/2.0 " + std::to_string(made.status_code) + " " + made.reason;
    made.text += line_end();
    bool has_length = false;
    for (const HeaderId id : ids()) {
        has_length = has_length || id == HeaderId::ContentLength;
        add_line(id,
                 id == HeaderId::ContentLength
                     ? std::string(one_in(4) ? below(3) : 0, '0') + std::to_string(made.body.size())
                     : value(id, made.method),
                 made);
    }
    made.empty_line = line_end();
    made.text += made.empty_line + made.body;
    made.text += has_length && one_in(4) ? "\r\nnot of the message" : "";
    return made;
}

// No two of them are about the same lines of the message: which one counts is not said.
inline RandomEdits MessageMaker::edits(const RandomMessage& message) {
    RandomEdits made;
    std::set<std::string> edited;
    for (std::size_t count = below(7); count > 0; --count) {
        HeaderEdit edit;
        edit.kind = static_cast<EditKind>(below(5));
        const Field& existing = message.fields[below(message.fields.size())];
        edit.id = one_in(3) ? header_id() : existing.id;
        if (edit.id == HeaderId::Other) {
            edit.name = made.texts.emplace_back(one_in(3) ? unknown_name() : existing.name);
        }
        const bool is_second = detail::is_on_existing(edit.kind) &&
                               !edited.insert(make_field(edit.id, edit.name, {}).name).second;
        if (is_second || edit.id == HeaderId::ContentLength) {
            continue;
        }
        std::string& text = made.texts.emplace_back(value(edit.id, message.method));
        // What comes from elsewhere must not become a line of its own.
        text += edit.id == HeaderId::Other && one_in(3) ? "\r\nEvil: 1\n\r\n\r\nbody" : "";
        edit.value = text;
        made.edits.push_back(edit);
    }
    return made;
}

} // namespace tandem::sipparse
