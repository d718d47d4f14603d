// SPDX-License-Identifier: Apache-2.0
//
// Text to value and back for the types of the option table. Decides what a contact, an address or
// a list of numbers may look like; never which option takes one. Called by the loader, the option
// list and the document generator, on the main thread.
#include "config/option_value.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

#include "config/shown_text.hpp"

namespace tandem::config {

namespace {

using base::Error;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// Characters that need no escape in the user part of a SIP URI (RFC 3261 section 25.1).
bool is_user_character(char c) {
    return is_digit(c) || is_letter(c) ||
           std::string_view("-_.!~*'&=+$,;?/#").find(c) != std::string_view::npos;
}

bool is_dn_character(char c) {
    return is_digit(c) || is_letter(c) ||
           std::string_view("-_.*#+").find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::uint8_t> parse_hex_byte(std::string_view text) {
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), byte, 16);
    if (text.size() != 2 || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return byte;
}

base::Result<NumberRange, Refusal> parse_number_range(std::string_view item) {
    const std::size_t dash = item.find('-');
    const bool is_range = dash != std::string_view::npos && is_digit(item.front());
    const std::string_view first = is_range ? trimmed(item.substr(0, dash)) : item;
    const std::string_view last = is_range ? trimmed(item.substr(dash + 1)) : item;
    if (!is_range && !all_digits(item)) {
        if (item.size() > kDnNameBytesMax ||
            !std::all_of(item.begin(), item.end(), is_dn_character)) {
            return Error{fmt::format("{} is no number, range or name", shown_text(item))};
        }
        return NumberRange{.first = 0, .last = 0, .digits = 0, .name = std::string(item)};
    }
    if (!all_digits(first) || !all_digits(last) || first.size() != last.size() ||
        first.size() > kNumberDigitsMax) {
        return Error{fmt::format("{} needs two numbers of the same, at most {} digits",
                                 shown_text(item),
                                 kNumberDigitsMax)};
    }
    NumberRange range;
    range.digits = static_cast<std::uint32_t>(first.size());
    std::from_chars(first.data(), first.data() + first.size(), range.first);
    std::from_chars(last.data(), last.data() + last.size(), range.last);
    if (range.first > range.last) {
        return Error{fmt::format("{} runs backwards", shown_text(item))};
    }
    if (range.last - range.first >= kDnsMax) {
        return Error{fmt::format("{} is more than {} numbers", shown_text(item), kDnsMax)};
    }
    return range;
}

std::string choice_text(std::int64_t index, std::string_view choices) {
    return std::string(split(choices, '|').at(static_cast<std::size_t>(index)));
}

std::string contact_text(const Contact& contact) {
    if (contact.learned) {
        return "*";
    }
    std::string endpoint(base::kEndpointTextBytesMax, '\0');
    const char* const end = base::write_endpoint(contact.target, endpoint.data());
    endpoint.resize(static_cast<std::size_t>(end - endpoint.data()));
    return contact.user.empty() ? endpoint : fmt::format("sip:{}@{}", contact.user, endpoint);
}

struct TextOf {
    std::string_view choices;

    std::string operator()(std::monostate) const { return {}; }

    std::string operator()(bool value) const { return value ? "true" : "false"; }

    std::string operator()(std::int64_t value) const {
        return choices.empty() ? std::to_string(value) : choice_text(value, choices);
    }

    std::string operator()(const std::string& value) const { return value; }

    std::string operator()(base::Ipv4Address value) const { return address_text(value); }

    std::string operator()(const MacAddress& value) const {
        return fmt::format("{:02x}", fmt::join(value, ":"));
    }

    std::string operator()(const Contact& value) const { return contact_text(value); }

    std::string operator()(const std::vector<std::string>& value) const {
        return fmt::format("{}", fmt::join(value, " "));
    }

    std::string operator()(const std::vector<NumberRange>& value) const {
        std::vector<std::string> items;
        std::transform(value.begin(), value.end(), std::back_inserter(items), number_range_text);
        return fmt::format("{}", fmt::join(items, ","));
    }

    std::string operator()(const std::vector<std::int64_t>& value) const {
        std::vector<std::string> items;
        items.reserve(value.size());
        for (const std::int64_t index : value) {
            items.push_back(choice_text(index, choices));
        }
        return fmt::format("{}", fmt::join(items, ","));
    }
};

} // namespace

ParsedValue parse_address(std::string_view text) {
    constexpr std::uint32_t kMulticastFirst = 0xE0000000;
    const std::optional<base::Ipv4Address> address = base::parse_ipv4(text);
    if (!address) {
        return Error{Refusal()};
    }
    const std::uint32_t network = address->value >> 24U;
    if (network == 0 || network == 127 || address->value >= kMulticastFirst) {
        return Error{Refusal("it is not a unicast address")};
    }
    return Value(*address);
}

ParsedValue parse_mac(std::string_view text) {
    const std::vector<std::string_view> bytes = split(text, ':');
    MacAddress mac{};
    if (bytes.size() != mac.size()) {
        return Error{Refusal()};
    }
    for (std::size_t i = 0; i < mac.size(); ++i) {
        const std::optional<std::uint8_t> byte = parse_hex_byte(bytes[i]);
        if (!byte) {
            return Error{Refusal()};
        }
        mac.at(i) = *byte;
    }
    if ((mac[0] & 1U) != 0 || mac == MacAddress{}) {
        return Error{Refusal("it is not a unicast address")};
    }
    return Value(mac);
}

ParsedValue parse_contact(std::string_view text) {
    constexpr std::string_view kScheme = "sip:";
    constexpr std::string_view kUdp = ";transport=udp";
    if (text == "*") {
        return Value(Contact{});
    }
    Contact contact;
    contact.learned = false;
    std::string_view host = text;
    if (host.starts_with(kScheme)) {
        host.remove_prefix(kScheme.size());
        if (host.ends_with(kUdp)) {
            host.remove_suffix(kUdp.size());
        }
        if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
            contact.user = host.substr(0, at);
            host.remove_prefix(at + 1);
            if (contact.user.empty() ||
                !std::all_of(contact.user.begin(), contact.user.end(), is_user_character)) {
                return Error{
                    Refusal("its user part is empty or has characters that need an escape")};
            }
        }
    }
    const std::optional<base::Endpoint> target = base::parse_endpoint(host, kSipPortDefault);
    if (!target || target->port == 0) {
        return Error{
            Refusal(host.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos
                        ? ""
                        : "host names are not resolved and only UDP is used")};
    }
    if (const ParsedValue unicast = parse_address(address_text(target->address)); !unicast) {
        return Error{unicast.error()};
    }
    contact.target = *target;
    return Value(std::move(contact));
}

ParsedValue parse_numbers(std::string_view text) {
    std::vector<NumberRange> ranges;
    for (const std::string_view part : split(text, ',')) {
        const std::string_view item = trimmed(part);
        if (item.empty()) {
            return Error{Refusal("an item is empty")};
        }
        base::Result<NumberRange, Refusal> range = parse_number_range(item);
        if (!range) {
            return Error{range.error()};
        }
        ranges.push_back(std::move(*range));
    }
    return Value(std::move(ranges));
}

ParsedValue parse_choice(std::string_view text, std::string_view choices) {
    const std::vector<std::string_view> names = split(choices, '|');
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) {
        return Error{Refusal()};
    }
    return Value(static_cast<std::int64_t>(found - names.begin()));
}

ParsedValue parse_choice_list(std::string_view text, std::string_view choices) {
    std::vector<std::int64_t> indices;
    for (const std::string_view item : split(text, ',')) {
        const ParsedValue choice = parse_choice(trimmed(item), choices);
        if (!choice) {
            return Error{choice.error()};
        }
        const std::int64_t index = *std::get_if<std::int64_t>(&choice.value());
        if (std::find(indices.begin(), indices.end(), index) != indices.end()) {
            return Error{fmt::format("{} is given twice", trimmed(item))};
        }
        indices.push_back(index);
    }
    return Value(std::move(indices));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

std::string value_text(const Value& value, std::string_view choices) {
    return std::visit(TextOf{choices}, value);
}

std::string address_text(base::Ipv4Address address) {
    std::string text(base::kIpv4TextBytesMax, '\0');
    const char* const end = base::write_ipv4(address, text.data());
    text.resize(static_cast<std::size_t>(end - text.data()));
    return text;
}

std::string number_range_text(const NumberRange& range) {
    if (range.digits == 0) {
        return range.name;
    }
    if (range.first == range.last) {
        return fmt::format("{:0{}}", range.first, range.digits);
    }
    return fmt::format("{:0{}}-{:0{}}", range.first, range.digits, range.last, range.digits);
}

} // namespace tandem::config
