// SPDX-License-Identifier: Apache-2.0
//
// Headers that are one value: numbers, dates, types, credentials, texts.
#include <array>

#include "sipparse/credentials.hpp"
#include "sipparse/date.hpp"
#include "sipparse/identity.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/media_type.hpp"
#include "sipparse/retry_after.hpp"
#include "sipparse/warning.hpp"
#include "tests/torture/observation_families.hpp"

namespace tandem::torture {

namespace {

using sipparse::HeaderId;
using sipparse::MessageView;

// The number parse() reads from the first line; "none" without one.
template <typename Parse>
std::string number_of(const MessageView& view, HeaderId id, Parse parse) {
    const auto value = view.find(id);
    if (!value) {
        return std::string(kNone);
    }
    const auto number = parse(*value);
    return number ? std::to_string(*number) : std::string(kRefused);
}

std::string content_type(const Key& key, const MessageView& view) {
    const auto value = view.find(HeaderId::ContentType);
    const auto type = value ? sipparse::parse_media_type(*value) : std::nullopt;
    if (!type) {
        return std::string(value ? kRefused : kNone);
    }
    if (key.property == "param") {
        return text_or_none(type->params.value(key.argument).value_or(std::string_view{}));
    }
    return std::string(type->type) + "/" + std::string(type->subtype);
}

// Does any range of Accept take in the type? Without Accept only SDP is taken (RFC 3261 20.1).
std::string accepts(const Key& key, const MessageView& view) {
    const auto wanted = sipparse::parse_media_type(key.argument);
    for (const std::string_view element : view.list(HeaderId::Accept)) {
        const auto range = sipparse::parse_media_range(element);
        if (!range) {
            return std::string(kRefused);
        }
        if (range->covers(*wanted)) {
            return "yes";
        }
    }
    return yes_or_no(!view.has(HeaderId::Accept) && wanted->is("application", "sdp"));
}

std::string authorization(const Key& key, const MessageView& view) {
    const auto value = view.find(HeaderId::Authorization);
    if (!value) {
        return std::string(kNone);
    }
    if (key.property == "scheme") {
        return std::string(value->substr(0, sipparse::token_bytes(*value)));
    }
    return sipparse::is_digest(*value) ? "digest" : "another scheme";
}

std::string warning_code(const Key& key, const MessageView& view) {
    const auto element = element_of(view.list(HeaderId::Warning), key.element);
    const auto warning = element ? sipparse::parse_warning(*element) : std::nullopt;
    return warning ? std::to_string(warning->code) : std::string(element ? kRefused : kNone);
}

std::string retry_after(const MessageView& view) {
    return number_of(view, HeaderId::RetryAfter, [](std::string_view value) {
        const auto parsed = sipparse::parse_retry_after(value);
        return parsed ? std::optional(parsed->delay_s) : std::nullopt;
    });
}

// A header by name, known to the table or not, as it is written.
std::string header_text(const Key& key, const MessageView& view) {
    const HeaderId id = sipparse::find_header_id(key.argument);
    const auto value = id == HeaderId::Other ? view.find(key.argument) : view.find(id);
    return value && value->empty() ? "empty" : std::string(value.value_or(kNone));
}

struct Value {
    std::string_view key;
    std::string (*of)(const Key& key, const MessageView& view);
};

constexpr std::array kValues = std::to_array<Value>({
    {"max-forwards",
     [](const Key&, const MessageView& view) {
         return number_of(view, HeaderId::MaxForwards, sipparse::parse_max_forwards);
     }},
    {"content-length",
     [](const Key&, const MessageView& view) {
         return number_of(view, HeaderId::ContentLength, sipparse::parse_content_length);
     }},
    {"expires",
     [](const Key&, const MessageView& view) {
         return number_of(view, HeaderId::Expires, sipparse::parse_delta_seconds);
     }},
    {"date",
     [](const Key&, const MessageView& view) {
         return number_of(view, HeaderId::Date, sipparse::parse_date);
     }},
    {"retry-after", [](const Key&, const MessageView& view) { return retry_after(view); }},
    {"content-type", content_type},
    {"accepts", accepts},
    {"accept-count",
     [](const Key&, const MessageView& view) { return count_of(view.list(HeaderId::Accept)); }},
    {"authorization", authorization},
    {"warning", warning_code},
    {"header", header_text},
    {"header-count",
     [](const Key& key, const MessageView& view) {
         return std::to_string(view.count(sipparse::find_header_id(key.argument)));
     }},
});

} // namespace

std::string observe_value(const Key& key, const MessageView& view) {
    for (const Value& value : kValues) {
        if (value.key == key.family) {
            return value.of(key, view);
        }
    }
    return std::string(kUnknownKey);
}

} // namespace tandem::torture
