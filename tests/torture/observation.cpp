// SPDX-License-Identifier: Apache-2.0
//
// Takes a key apart and asks its family.
#include "tests/torture/observation.hpp"

#include <algorithm>
#include <array>

#include "sipparse/lexical.hpp"
#include "tests/torture/observation_families.hpp"

namespace tandem::torture {

namespace {

struct Family {
    std::string_view name;
    std::string (*observe)(const Key& key, const sipparse::MessageView& view);
};

constexpr std::array kFamilies = std::to_array<Family>({
    {"request-uri", observe_request_uri},
    {"via", observe_via},
    {"from", observe_address},
    {"to", observe_address},
    {"contact", observe_address},
    {"route", observe_address},
    {"record-route", observe_address},
    {"sdp", observe_sdp},
});

// The text up to the mark, which is taken away with it.
std::string_view take_until(std::string_view& text, char mark) {
    const std::size_t end = text.find(mark);
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return taken;
}

// family [ "." element ] [ "." property ] [ "(" argument ")" ]
Key parse_key(std::string_view text) {
    Key key;
    if (text.ends_with(')')) {
        const std::size_t open = text.find('(');
        key.argument = text.substr(open + 1, text.size() - open - 2);
        text = text.substr(0, open);
    }
    key.family = take_until(text, '.');
    if (!text.empty() && sipparse::is_digit(text.front())) {
        const std::string_view number = take_until(text, '.');
        key.element = sipparse::parse_number(number, sipparse::kMessageBytesMax).value_or(0);
    }
    key.property = text;
    return key;
}

} // namespace

std::string
observe(std::string_view key_text, const sipparse::MessageView& view, sipparse::ParseError error) {
    const Key key = parse_key(key_text);
    const auto* const family = std::ranges::find(kFamilies, key.family, &Family::name);
    if (family != kFamilies.end()) {
        return family->observe(key, view);
    }
    const std::string value = observe_value(key, view);
    return value == kUnknownKey ? observe_outcome(key, view, error) : value;
}

} // namespace tandem::torture
