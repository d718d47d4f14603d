// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a message: what stage 1 and stage 2 say of it, which answer it deserves from an
// element that supports no extension and knows sip alone, and what its parts are.
#include <array>
#include <cstdint>

#include "sipparse/request_check.hpp"
#include "tests/torture/observation_families.hpp"

namespace tandem::torture {

namespace {

using sipparse::Defect;
using sipparse::HeaderId;
using sipparse::MessageView;
using sipparse::ParseError;

// Enumerator names as the case files write them; in the order of ParseError.
constexpr std::array kErrorNames = std::to_array<std::string_view>({
    "None",
    "Empty",
    "MessageTooLong",
    "StartLineMalformed",
    "VersionNotSupported",
    "RequestUriMalformed",
    "StatusCodeOutOfRange",
    "HeaderLineMalformed",
    "HeaderNameTooLong",
    "BareCarriageReturn",
    "TooManyHeaderLines",
    "HeadersNotTerminated",
    "DuplicateSingleton",
    "MissingVia",
    "MissingFrom",
    "MissingTo",
    "MissingCallId",
    "MissingCSeq",
    "CSeqMalformed",
    "CSeqNumberTooLarge",
    "CSeqMethodMismatch",
    "CallIdMalformed",
    "MaxForwardsMalformed",
    "ContentLengthMalformed",
    "BodyShorterThanContentLength",
    "UriSchemeNotSupported",
    "HeadersInRequestUri",
    "HeaderValueMalformed",
    "MissingFromTag",
    "ExtensionNotSupported",
});
static_assert(kErrorNames.size() == sipparse::kParseErrorCount);

std::string name_of(ParseError error) {
    return std::string(kErrorNames[static_cast<std::size_t>(error)]);
}

constexpr sipparse::RequestRules kRules{
    .option_tags = {}, .takes_sips = false, .follows_route = true};

Defect defect(const MessageView& view, ParseError error) {
    if (error != ParseError::None) {
        return sipparse::defect_of(error, view);
    }
    return view.is_request() ? sipparse::check_request(view, kRules) : Defect{};
}

// "None", "RequestUriMalformed" or "CSeqMalformed in CSeq".
std::string defect_name(const Defect& defect) {
    std::string name = name_of(defect.error);
    if (defect.header != HeaderId::Other) {
        name += " in ";
        name += sipparse::header_name(defect.header);
    }
    return name;
}

// What stands where the defect is, to the end of the line.
std::string defect_place(const MessageView& view, const Defect& defect) {
    const std::string_view rest = view.bytes.substr(defect.offset);
    return text_or_none(rest.substr(0, rest.find_first_of("\r\n")));
}

std::string malformed(const MessageView& view) {
    const Defect defect = sipparse::check_headers(view);
    return std::string(defect ? sipparse::header_name(defect.header) : kNone);
}

std::string unsupported(const MessageView& view) {
    std::array<char, 256> tags;
    return text_or_none(sipparse::write_unsupported(view, {}, tags));
}

struct Outcome {
    std::string_view key;
    std::string (*observe)(const MessageView& view, ParseError error);
};

constexpr std::array kOutcomes = std::to_array<Outcome>({
    {"index", [](const MessageView& /*view*/, ParseError error) { return name_of(error); }},
    {"defect",
     [](const MessageView& view, ParseError error) { return defect_name(defect(view, error)); }},
    {"defect-at",
     [](const MessageView& view, ParseError error) {
         return defect_place(view, defect(view, error));
     }},
    {"answer",
     [](const MessageView& view, ParseError error) {
         return std::to_string(sipparse::answer_status(defect(view, error).error, *view.index));
     }},
    {"malformed", [](const MessageView& view, ParseError /*error*/) { return malformed(view); }},
    {"malformed-at",
     [](const MessageView& view, ParseError /*error*/) {
         return defect_place(view, sipparse::check_headers(view));
     }},
    {"unsupported",
     [](const MessageView& view, ParseError /*error*/) { return unsupported(view); }},
    {"method",
     [](const MessageView& view, ParseError /*error*/) { return std::string(view.method_text()); }},
    {"method-known",
     [](const MessageView& view, ParseError /*error*/) {
         return yes_or_no(view.method() != sipparse::Method::Other);
     }},
    {"status",
     [](const MessageView& view, ParseError /*error*/) {
         return std::to_string(view.status_code());
     }},
    {"reason",
     [](const MessageView& view, ParseError /*error*/) { return text_or_none(view.reason()); }},
    {"cseq-number",
     [](const MessageView& view, ParseError /*error*/) {
         return std::to_string(view.cseq_number());
     }},
    {"header-lines",
     [](const MessageView& view, ParseError /*error*/) {
         return std::to_string(view.header_count());
     }},
    {"body-bytes",
     [](const MessageView& view, ParseError /*error*/) {
         return std::to_string(view.body().size());
     }},
    {"rest-bytes",
     [](const MessageView& view, ParseError /*error*/) {
         return std::to_string(view.bytes.size() - view.message().size());
     }},
});

} // namespace

std::string observe_outcome(const Key& key, const MessageView& view, ParseError error) {
    for (const Outcome& outcome : kOutcomes) {
        if (outcome.key == key.family) {
            return outcome.observe(view, error);
        }
    }
    return std::string(kUnknownKey);
}

} // namespace tandem::torture
