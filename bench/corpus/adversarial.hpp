// SPDX-License-Identifier: Apache-2.0
//
// Inputs made to be expensive: what tempts a parser to look again at what it has seen, one row for
// each temptation, in any size. The torture tests assert what becomes of them, bench/parse measures
// that a byte of them costs the same in each size. Made at start; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tandem::bench {

enum class AdversarialKind {
    Message,
    Sdp,
    SipUri, // held against the same one with an escape in its user: equal, but not byte for byte
    TelUri, // held against the same one with a visual separator more
    Stream, // fed byte by byte
};

// The text with as many units between front and back as fit into so many bytes.
inline std::string
repeated(std::size_t bytes, std::string_view front, std::string_view unit, std::string_view back) {
    std::string text(front);
    while (text.size() + unit.size() + back.size() <= bytes) {
        text += unit;
    }
    return text += back;
}

// The same with a number behind each unit, so that none is like another, and `behind`.
inline std::string numbered(std::size_t bytes,
                            std::string_view front,
                            std::string_view unit,
                            std::string_view behind) {
    std::string text(front);
    std::string next(unit);
    for (std::size_t number = 0; text.size() + next.size() <= bytes;) {
        text += next;
        next = std::string(unit) + std::to_string(++number) + std::string(behind);
    }
    return text;
}

inline constexpr std::string_view kAdversarialStart = "INVITE sip:b@h SIP/2.0\r\n";

// The lines an INVITE needs, but the one that `front` is the beginning of.
inline std::string lines_beside(std::string_view front) {
    constexpr std::array<std::string_view, 7> kLines = {
        "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n",
        "From: <sip:a@h>;tag=1\r\n",
        "To: <sip:b@h>\r\n",
        "Call-ID: c\r\n",
        "CSeq: 1 INVITE\r\n",
        "Max-Forwards: 70\r\n",
        "Content-Length: 0\r\n",
    };
    std::string lines;
    for (const std::string_view line : kLines) {
        if (!front.starts_with(line.substr(0, line.find(':') + 1))) {
            lines += line;
        }
    }
    return lines;
}

// An INVITE whose last lines are front, units and back.
inline std::string
invite(std::size_t bytes, std::string_view front, std::string_view unit, std::string_view back) {
    const std::string before =
        std::string(kAdversarialStart) + lines_beside(front) + std::string(front);
    return repeated(bytes, before, unit, std::string(back) + "\r\n");
}

// Comments one inside the other, each of them closed.
inline std::string invite_with_nested_comments(std::size_t bytes) {
    const std::string open = invite(bytes / 2, "User-Agent: a ", "(", "");
    const std::size_t depth = open.size() - open.rfind(' ') - 3; // without CR, LF and the space
    return open.substr(0, open.size() - 2) + std::string(depth, ')') + "\r\n\r\n";
}

// As many lines as an index takes: first others with many blanks, then Via. Who looks for the first
// Via at each of them passes all blanks each time.
inline std::string invite_with_late_vias(std::size_t bytes) {
    constexpr std::size_t kLines = 120;
    constexpr std::string_view kVia = "v:SIP/2.0/UDP h\r\n";
    const std::string others = std::string(kAdversarialStart) + lines_beside("Via:");
    const std::size_t others_bytes = bytes - kLines * kVia.size() - others.size() - 2;
    const std::string blanks(others_bytes / kLines - std::string_view("h:b\r\n").size(), ' ');
    std::string text = others;
    for (std::size_t i = 0; i < kLines; ++i) {
        text += "h:" + blanks + "b\r\n";
    }
    for (std::size_t i = 0; i < kLines; ++i) {
        text += kVia;
    }
    return text += "\r\n";
}

// As many parameters as are compared one by one, with names that differ in their last characters.
inline std::string uri_with_long_names(std::size_t bytes) {
    constexpr std::size_t kParams = 32;
    constexpr std::string_view kFront = "sip:u@h";
    const std::size_t name_bytes = (bytes - kFront.size()) / kParams - 3;
    std::string text(kFront);
    for (std::size_t i = 0; i < kParams; ++i) {
        text += ';' + std::string(name_bytes, 'p') + std::to_string(10 + i);
    }
    return text;
}

inline constexpr std::string_view kAdversarialSession =
    "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
inline constexpr std::string_view kAdversarialMedia = "m=audio 1 RTP/AVP 0\r\n";

inline std::string description(std::size_t bytes,
                               std::string_view front,
                               std::string_view unit,
                               std::string_view back) {
    return repeated(bytes, std::string(kAdversarialSession) + std::string(front), unit, back);
}

struct AdversarialCase {
    std::string_view name;
    AdversarialKind kind;
    std::string (*make)(std::size_t bytes); // at most so many, and not many less
};

inline constexpr std::size_t kAdversarialBytesMax = 65'535; // the longest message there is

struct AdversarialSize {
    std::string_view name;
    std::size_t bytes;
};

inline constexpr auto kAdversarialSizes = std::to_array<AdversarialSize>({
    {"4k", 4'096},
    {"16k", 16'384},
    {"64k", kAdversarialBytesMax},
});

inline constexpr auto kAdversarialCases = std::to_array<AdversarialCase>({
    // Lists and their elements.
    {"commas",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Contact: ", ",", "\r\n"); }},
    {"contacts",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Contact: <sip:a@h>", ",<sip:a@h>", "\r\n"); }},
    {"option-tags",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Require: timer", " ,timer", "\r\n"); }},
    {"digest-params",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Authorization: Digest a=b", ",a=b", "\r\n"); }},
    {"vias",
     AdversarialKind::Message,
     [](std::size_t bytes) {
         return invite(bytes, "Via: SIP/2.0/UDP h", ",SIP/2.0/UDP h", "\r\n");
     }},
    {"vias-spaced",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Via: SIP/2.0/T h", ",SIP/2.0/T h", "\r\n"); }},
    // Parameters.
    {"params",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "From: <sip:a@h>;tag=1", ";a", "\r\n"); }},
    {"params-of-via",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Via: SIP/2.0/UDP h", ";rport", "\r\n"); }},
    {"semicolons",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "From: <sip:a@h>;tag=1", ";", "\r\n"); }},
    // What is opened and closed, or not.
    {"quotes",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Contact: ", "\"", "\r\n"); }},
    {"quoted-commas",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Contact: <sip:a@h>", ",\"", "\r\n"); }},
    {"backslashes",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Contact: \"", "\\\"", "\r\n"); }},
    {"open-brackets",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Contact: ", "<", "\r\n"); }},
    {"bracket-lists",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Route: <sip:a@h>", ",<", "\r\n"); }},
    {"open-comments",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "User-Agent: a ", "(", "\r\n"); }},
    {"nested-comments", AdversarialKind::Message, invite_with_nested_comments},
    {"comments",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "User-Agent: a ", "(a)", "\r\n"); }},
    // Lines.
    {"via-lines",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "", "v:a\r\n", ""); }},
    {"late-vias", AdversarialKind::Message, invite_with_late_vias},
    {"lines-of-a-name",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "", "Accept:a/b\r\n", ""); }},
    {"long-names",
     AdversarialKind::Message,
     [](std::size_t bytes) {
         return invite(bytes, "", std::string(240, 'n') + ": very long\r\n", "");
     }},
    {"name-too-long",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "n", "n", ":v\r\n"); }},
    {"blanks-before-colon",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "X-Blank", " ", ": v\r\n"); }},
    {"blanks-behind-colon",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "X-Blank:", " ", "v\r\n"); }},
    {"blanks-in-value",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Contact: a", " ", "<sip:a@h>\r\n"); }},
    {"folds",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Allow: a", ",\r\n a", "\r\n"); }},
    {"empty-folds",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Subject: a", "\r\n ", "b\r\n"); }},
    {"colons",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Via: SIP/2.0/UDP h", ":", "\r\n"); }},
    {"colon-lines",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "", ":\r\n", ""); }},
    {"lines-without-colon",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "", "n\r\n", ""); }},
    {"lone-cr",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "Subject: a", "\r", "b\r\n"); }},
    {"lone-cr-in-lines",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "", "h:\rb\r\n", ""); }},
    {"lone-lf",
     AdversarialKind::Message,
     [](std::size_t bytes) {
         return repeated(
             bytes, "", "\n", std::string(kAdversarialStart) + lines_beside("-") + "\r\n");
     }},
    {"lone-lf-at-lines",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "", "h:\n", ""); }},
    {"no-empty-line",
     AdversarialKind::Message,
     [](std::size_t bytes) {
         return repeated(bytes,
                         std::string(kAdversarialStart) + lines_beside("-") + "Subject: a",
                         "\r\n a",
                         "\r\n");
     }},
    // URIs.
    {"request-uri",
     AdversarialKind::Message,
     [](std::size_t bytes) {
         return numbered(bytes - 256, "INVITE sip:b@h", ";p", "") + " SIP/2.0\r\n" +
                lines_beside("-") + "\r\n";
     }},
    {"escapes",
     AdversarialKind::Message,
     [](std::size_t bytes) { return invite(bytes, "From: <sip:", "%41", "@h>;tag=1\r\n"); }},
    {"uri-params",
     AdversarialKind::SipUri,
     [](std::size_t bytes) { return numbered(bytes, "sip:u@h", ";p", "=v"); }},
    {"uri-params-alike",
     AdversarialKind::SipUri,
     [](std::size_t bytes) { return repeated(bytes, "sip:u@h", ";p", ""); }},
    {"uri-params-long", AdversarialKind::SipUri, uri_with_long_names},
    {"uri-headers",
     AdversarialKind::SipUri,
     [](std::size_t bytes) { return numbered(bytes, "sip:u@h?a=b", "&p", "=v"); }},
    {"uri-ampersands",
     AdversarialKind::SipUri,
     [](std::size_t bytes) { return repeated(bytes, "sip:u@h?", "&", ""); }},
    {"uri-colons",
     AdversarialKind::SipUri,
     [](std::size_t bytes) { return repeated(bytes, "sip:u", ":", "@h"); }},
    {"uri-ats",
     AdversarialKind::SipUri,
     [](std::size_t bytes) { return repeated(bytes, "sip:u", "@", "h"); }},
    {"tel-params",
     AdversarialKind::TelUri,
     [](std::size_t bytes) { return numbered(bytes, "tel:+1", ";p", "=v"); }},
    {"tel-separators",
     AdversarialKind::TelUri,
     [](std::size_t bytes) { return repeated(bytes, "tel:+1", "-", ""); }},
    // Session descriptions.
    {"sdp-medias",
     AdversarialKind::Sdp,
     [](std::size_t bytes) { return description(bytes, "", "m=a 1 b 0\r\n", ""); }},
    {"sdp-attributes",
     AdversarialKind::Sdp,
     [](std::size_t bytes) { return description(bytes, kAdversarialMedia, "a=x\r\n", ""); }},
    {"sdp-attributes-of-session",
     AdversarialKind::Sdp,
     [](std::size_t bytes) { return description(bytes, "", "a=x\r\n", kAdversarialMedia); }},
    {"sdp-formats",
     AdversarialKind::Sdp,
     [](std::size_t bytes) { return description(bytes, "m=audio 1 RTP/AVP 0", " 0", "\r\n"); }},
    {"sdp-connections",
     AdversarialKind::Sdp,
     [](std::size_t bytes) {
         return description(bytes, kAdversarialMedia, "c=IN IP4 192.0.2.2\r\n", "");
     }},
    // Streams, whose end never comes.
    {"stream-line",
     AdversarialKind::Stream,
     [](std::size_t bytes) { return repeated(bytes, kAdversarialStart, "a", ""); }},
    {"stream-lines",
     AdversarialKind::Stream,
     [](std::size_t bytes) { return repeated(bytes, kAdversarialStart, "h: b\r\n", ""); }},
    {"stream-keep-alives",
     AdversarialKind::Stream,
     [](std::size_t bytes) { return repeated(bytes, "", "\r\n", ""); }},
});

} // namespace tandem::bench
