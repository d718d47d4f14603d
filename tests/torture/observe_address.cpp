// SPDX-License-Identifier: Apache-2.0
//
// URIs: of the start line and inside From, To, Contact, Route and Record-Route, with what stands
// around them there.
#include <array>

#include "sipparse/contact.hpp"
#include "sipparse/header_id.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"
#include "tests/torture/observation_families.hpp"

namespace tandem::torture {

namespace {

using sipparse::NameAddr;
using sipparse::SipUri;

std::string scheme_name(std::string_view uri) {
    static constexpr std::array<std::string_view, 5> kNames{"none", "sip", "sips", "tel", "other"};
    return std::string(kNames[static_cast<std::size_t>(sipparse::uri_scheme(uri))]);
}

std::string param_text(const std::optional<std::string_view>& value) {
    return value && value->empty() ? "flag" : std::string(value.value_or(kNone));
}

// "name=value": is that its value when both are decoded?
std::string uri_param_is(const SipUri& uri, std::string_view argument) {
    const std::size_t equals = argument.find('=');
    const auto value = uri.param(argument.substr(0, equals));
    return yes_or_no(value && sipparse::user_equals(*value, argument.substr(equals + 1)));
}

struct UriProperty {
    std::string_view name;
    std::string (*of)(const SipUri& uri, std::string_view argument);
};

constexpr std::array kUriProperties = std::to_array<UriProperty>({
    {"user", [](const SipUri& uri, std::string_view) { return text_or_none(uri.user); }},
    {"user-is",
     [](const SipUri& uri, std::string_view argument) {
         return yes_or_no(sipparse::user_equals(uri.user, argument));
     }},
    {"user-bytes",
     [](const SipUri& uri, std::string_view) { return std::to_string(uri.user.size()); }},
    {"password", [](const SipUri& uri, std::string_view) { return text_or_none(uri.password); }},
    {"host", [](const SipUri& uri, std::string_view) { return std::string(uri.host); }},
    {"port",
     [](const SipUri& uri, std::string_view) {
         return uri.port == 0 ? std::string(kNone) : std::to_string(uri.port);
     }},
    {"lr", [](const SipUri& uri, std::string_view) { return yes_or_no(uri.lr()); }},
    {"maddr", [](const SipUri& uri, std::string_view) { return text_or_none(uri.maddr()); }},
    {"uri-param",
     [](const SipUri& uri, std::string_view argument) { return param_text(uri.param(argument)); }},
    {"uri-param-is", uri_param_is},
    {"uri-params", [](const SipUri& uri, std::string_view) { return count_of(uri.params); }},
    {"headers", [](const SipUri& uri, std::string_view) { return text_or_none(uri.headers); }},
});

std::string observe_uri(const Key& key, std::string_view text) {
    if (key.property == "uri") {
        return std::string(text);
    }
    if (key.property == "scheme") {
        return scheme_name(text);
    }
    for (const UriProperty& property : kUriProperties) {
        if (property.name == key.property) {
            const auto uri = sipparse::parse_sip_uri(text);
            return uri ? property.of(*uri, key.argument) : std::string(kRefused);
        }
    }
    return std::string(kUnknownKey);
}

struct AddressProperty {
    std::string_view name;
    std::string (*of)(const NameAddr& address, std::string_view argument);
};

constexpr std::array kAddressProperties = std::to_array<AddressProperty>({
    {"display",
     [](const NameAddr& address, std::string_view) { return text_or_none(address.display); }},
    {"display-is",
     [](const NameAddr& address, std::string_view argument) {
         return yes_or_no(sipparse::quoted_equals(address.display, argument));
     }},
    {"display-bytes",
     [](const NameAddr& address, std::string_view) {
         return std::to_string(address.display.size());
     }},
    {"in-brackets",
     [](const NameAddr& address, std::string_view) { return yes_or_no(address.in_brackets); }},
    {"tag",
     [](const NameAddr& address, std::string_view) {
         return std::string(address.tag().value_or(kNone));
     }},
    {"tag-bytes",
     [](const NameAddr& address, std::string_view) {
         return std::to_string(address.tag().value_or(std::string_view{}).size());
     }},
    {"param",
     [](const NameAddr& address, std::string_view argument) {
         return param_text(address.param(argument));
     }},
    {"params", [](const NameAddr& address, std::string_view) { return count_of(address.params); }},
});

std::string observe_name_addr(const Key& key, std::string_view element) {
    const auto address = sipparse::parse_name_addr(element);
    if (!address) {
        return std::string(kRefused);
    }
    for (const AddressProperty& property : kAddressProperties) {
        if (property.name == key.property) {
            return property.of(*address, key.argument);
        }
    }
    return observe_uri(key, address->uri);
}

std::string observe_contact(const Key& key, std::string_view element) {
    const bool is_own = key.property == "quality" || key.property == "expires";
    if (!is_own) {
        return observe_name_addr(key, element);
    }
    const auto contact = sipparse::parse_contact(element);
    if (!contact) {
        return std::string(kRefused);
    }
    return key.property == "quality" ? number_or_none(contact->quality)
                                     : number_or_none(contact->expires_s);
}

// Are the URIs of the element and of the one the argument numbers the same (19.1.4)?
std::string same_uri(std::string_view element, std::string_view other) {
    const auto left = sipparse::parse_name_addr(element);
    const auto right = sipparse::parse_name_addr(other);
    const auto left_uri = left ? sipparse::parse_sip_uri(left->uri) : std::nullopt;
    const auto right_uri = right ? sipparse::parse_sip_uri(right->uri) : std::nullopt;
    return left_uri && right_uri ? yes_or_no(sipparse::uri_equals(*left_uri, *right_uri))
                                 : std::string(kRefused);
}

} // namespace

std::string observe_request_uri(const Key& key, const sipparse::MessageView& view) {
    return observe_uri(key, view.request_uri());
}

std::string observe_address(const Key& key, const sipparse::MessageView& view) {
    const sipparse::HeaderId id = sipparse::find_header_id(key.family);
    const auto list = view.list(id);
    if (key.property == "count") {
        return count_of(list);
    }
    const auto element = element_of(list, key.element);
    if (!element) {
        return std::string(kNone);
    }
    if (key.property == "same-as") {
        const auto number = sipparse::parse_number(key.argument, sipparse::kMessageBytesMax);
        return same_uri(*element, element_of(list, number.value_or(0)).value_or(""));
    }
    return id == sipparse::HeaderId::Contact ? observe_contact(key, *element)
                                             : observe_name_addr(key, *element);
}

} // namespace tandem::torture
