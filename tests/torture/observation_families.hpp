// SPDX-License-Identifier: Apache-2.0
//
// The observations of a torture case by families: one file each. Every one of them gives a text,
// "none" for what is absent, "refused" for what the parser does not take. Tests only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sipparse/message_view.hpp"
#include "sipparse/parse_error.hpp"

namespace tandem::torture {

struct Key {
    std::string_view family;
    std::size_t element = 1; // of a list, from 1
    std::string_view property = {};
    std::string_view argument = {};
};

inline constexpr std::string_view kUnknownKey = "unknown key";
inline constexpr std::string_view kNone = "none";
inline constexpr std::string_view kRefused = "refused";

inline std::string yes_or_no(bool yes) {
    return yes ? "yes" : "no";
}

// Absent texts are empty ones in most structs of the parser.
inline std::string text_or_none(std::string_view text) {
    return std::string(text.empty() ? kNone : text);
}

template <typename Number>
std::string number_or_none(const std::optional<Number>& number) {
    return number ? std::to_string(*number) : std::string(kNone);
}

// The element of that number of a list.
template <typename List>
std::optional<std::string_view> element_of(const List& list, std::size_t wanted) {
    std::size_t number = 0;
    for (const std::string_view element : list) {
        if (++number == wanted) {
            return element;
        }
    }
    return std::nullopt;
}

template <typename List>
std::string count_of(const List& list) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& element : list) {
        ++count;
    }
    return std::to_string(count);
}

// What becomes of the message as a whole: errors, defects, answers, its parts.
std::string
observe_outcome(const Key& key, const sipparse::MessageView& view, sipparse::ParseError error);
// via.2.host, via.branch, via.count
std::string observe_via(const Key& key, const sipparse::MessageView& view);
// request-uri.host, request-uri.user-is(a@b)
std::string observe_request_uri(const Key& key, const sipparse::MessageView& view);
// from.display, contact.2.user, to.param(x), contact.same(1,2)
std::string observe_address(const Key& key, const sipparse::MessageView& view);
// expires, content-type, accepts(application/sdp), header(X-Name)
std::string observe_value(const Key& key, const sipparse::MessageView& view);
// sdp.media-count, sdp.2.address: the body
std::string observe_sdp(const Key& key, const sipparse::MessageView& view);

} // namespace tandem::torture
