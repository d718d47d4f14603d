// SPDX-License-Identifier: Apache-2.0
//
// Observations of one message, one small function each, found by a table.
#include "tests/torture/observation.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sipparse/credentials.hpp"
#include "sipparse/cseq.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/option_tags.hpp"
#include "sipparse/rack.hpp"
#include "sipparse/session_expires.hpp"
#include "sipparse/sip_uri.hpp"
#include "sipparse/via.hpp"
#include "sipparse/writer.hpp"

namespace tandem::torture {

namespace {

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

std::string verdict(bool good) {
    return good ? "ok" : "refused";
}

template <typename Parse>
std::string each_element(const MessageView& view, HeaderId id, Parse parse) {
    std::size_t elements = 0;
    for (const std::string_view element : view.list(id)) {
        ++elements;
        if (!parse(element)) {
            return "refused";
        }
    }
    return elements == 0 ? "none" : "ok";
}

std::string name_addrs(const MessageView& view, HeaderId id) {
    return each_element(view, id, [](std::string_view text) {
        return sipparse::parse_name_addr(text).has_value();
    });
}

std::string tag_of(const MessageView& view, HeaderId id) {
    const auto value = view.find(id);
    const auto parsed = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    return parsed ? std::string(parsed->tag().value_or("none")) : "refused";
}

template <typename Parse>
std::string number_of(const MessageView& view, HeaderId id, Parse parse) {
    const auto value = view.find(id);
    if (!value) {
        return "none";
    }
    const auto number = parse(*value);
    return number ? std::to_string(*number) : "refused";
}

std::string elements_of(const MessageView& view, HeaderId id) {
    std::size_t elements = 0;
    for ([[maybe_unused]] const std::string_view element : view.list(id)) {
        ++elements;
    }
    return std::to_string(elements);
}

std::string request_uri(const MessageView& view) {
    const auto scheme = sipparse::uri_scheme(view.request_uri());
    if (scheme == sipparse::UriScheme::Other) {
        return "other";
    }
    const auto uri = sipparse::parse_sip_uri(view.request_uri());
    if (!uri) {
        return "refused";
    }
    return uri->headers.empty() ? "sip" : "sip with headers";
}

std::string observe_top_via(std::string_view key, const MessageView& view) {
    const auto via = sipparse::top_via(view);
    if (!via) {
        return "refused";
    }
    if (key == "rfc3261-branch") {
        return via->has_rfc3261_branch() ? "yes" : "no";
    }
    const std::string_view text = key == "branch" ? via->branch : via->received;
    return text.empty() ? "none" : std::string(text);
}

std::string observe_request_uri(std::string_view key, const MessageView& view) {
    const auto uri = sipparse::parse_sip_uri(view.request_uri());
    if (key == "request-uri" || !uri) {
        return request_uri(view);
    }
    return key == "request-user" ? std::string(uri->user) : std::to_string(uri->port);
}

struct Observation {
    std::string_view key;
    std::string (*observe)(const MessageView& view);
};

constexpr std::array kObservations = std::to_array<Observation>({
    {"method", [](const MessageView& view) { return std::string(view.method_text()); }},
    {"status", [](const MessageView& view) { return std::to_string(view.status_code()); }},
    {"cseq-number", [](const MessageView& view) { return std::to_string(view.cseq_number()); }},
    {"header-lines", [](const MessageView& view) { return std::to_string(view.header_count()); }},
    {"body-bytes", [](const MessageView& view) { return std::to_string(view.body().size()); }},
    {"reason-bytes", [](const MessageView& view) { return std::to_string(view.reason().size()); }},
    {"rest-bytes",
     [](const MessageView& view) {
         return std::to_string(view.bytes.size() - view.message().size());
     }},
    {"via",
     [](const MessageView& view) {
         return each_element(view, HeaderId::Via, [](std::string_view text) {
             return sipparse::parse_via(text).has_value();
         });
     }},
    {"via-count", [](const MessageView& view) { return elements_of(view, HeaderId::Via); }},
    {"contact-count", [](const MessageView& view) { return elements_of(view, HeaderId::Contact); }},
    {"accept-count", [](const MessageView& view) { return elements_of(view, HeaderId::Accept); }},
    {"from", [](const MessageView& view) { return name_addrs(view, HeaderId::From); }},
    {"to", [](const MessageView& view) { return name_addrs(view, HeaderId::To); }},
    {"contact", [](const MessageView& view) { return name_addrs(view, HeaderId::Contact); }},
    {"route", [](const MessageView& view) { return name_addrs(view, HeaderId::Route); }},
    {"record-route",
     [](const MessageView& view) { return name_addrs(view, HeaderId::RecordRoute); }},
    {"from-tag", [](const MessageView& view) { return tag_of(view, HeaderId::From); }},
    {"to-tag", [](const MessageView& view) { return tag_of(view, HeaderId::To); }},
    {"max-forwards",
     [](const MessageView& view) {
         return number_of(view, HeaderId::MaxForwards, sipparse::parse_max_forwards);
     }},
    {"expires",
     [](const MessageView& view) {
         return number_of(view, HeaderId::Expires, sipparse::parse_delta_seconds);
     }},
    {"retry-after",
     [](const MessageView& view) {
         return number_of(view, HeaderId::RetryAfter, sipparse::parse_leading_delta_seconds);
     }},
    {"authorization",
     [](const MessageView& view) {
         const auto value = view.find(HeaderId::Authorization);
         return verdict(value && sipparse::parse_digest(*value).has_value());
     }},
    {"unsupported",
     [](const MessageView& view) {
         const auto tag = sipparse::first_unsupported(view, HeaderId::Require, {});
         return std::string(tag.value_or("none"));
     }},
});

// How many parsers accept the value; the number matters less than that each has looked at it.
std::size_t parse_by_all(std::string_view value) {
    sipparse::CSeq cseq;
    std::size_t accepted = sipparse::parse_cseq(value, cseq) == ParseError::None ? 1U : 0U;
    accepted += sipparse::parse_via(value) ? 1U : 0U;
    accepted += sipparse::parse_sip_uri(value) ? 1U : 0U;
    accepted += sipparse::parse_digest(value) ? 1U : 0U;
    accepted += sipparse::parse_rack(value) ? 1U : 0U;
    accepted += sipparse::parse_session_expires(value) ? 1U : 0U;
    accepted += sipparse::parse_leading_delta_seconds(value) ? 1U : 0U;
    accepted += sipparse::Params(value).well_formed() ? 1U : 0U;
    if (const auto name_addr = sipparse::parse_name_addr(value)) {
        accepted += sipparse::parse_sip_uri(name_addr->uri) ? 1U : 0U;
    }
    for (const std::string_view element : sipparse::ListValues(value)) {
        accepted += sipparse::parse_via(element) || sipparse::parse_name_addr(element) ? 1U : 0U;
    }
    return accepted;
}

} // namespace

std::string observe(std::string_view key, const MessageView& view, ParseError error) {
    if (key == "index") {
        return std::string(kErrorNames[static_cast<std::size_t>(error)]);
    }
    if (key == "answer") {
        return std::to_string(sipparse::answer_status(error, *view.index));
    }
    if (key == "branch" || key == "received" || key == "rfc3261-branch") {
        return observe_top_via(key, view);
    }
    if (key.substr(0, 8) == "request-") {
        return observe_request_uri(key, view);
    }
    for (const Observation& observation : kObservations) {
        if (observation.key == key) {
            return observation.observe(view);
        }
    }
    return "unknown key";
}

std::size_t touch_everything(const MessageView& view) {
    std::size_t accepted = parse_by_all(view.request_uri());
    for (std::size_t i = 0; i < view.header_count(); ++i) {
        accepted += parse_by_all(view.header(i).value);
    }
    std::vector<char> out(2 * sipparse::kMessageBytesMax + accepted % 2);
    const auto response = sipparse::write_response(view,
                                                   {.status_code = 400,
                                                    .reason = "Bad Request",
                                                    .to_tag = "t",
                                                    .received = "192.0.2.1",
                                                    .rport = 5060,
                                                    .copy_record_route = true},
                                                   out);
    const std::size_t response_bytes = response.size();
    return response_bytes + sipparse::write_edited(view, {}, out).size();
}

} // namespace tandem::torture
