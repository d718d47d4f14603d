// SPDX-License-Identifier: Apache-2.0
//
//   contact-param  = ( name-addr / addr-spec ) *( SEMI contact-params )
//   contact-params = "q" EQUAL qvalue / "expires" EQUAL delta-seconds / contact-extension
//   extensions     = "+sip.instance" EQUAL quoted / "reg-id" EQUAL 1*DIGIT
//                  / "pub-gruu" EQUAL quoted / "temp-gruu" EQUAL quoted / "bnc"
#include "sipparse/contact.hpp"

#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/preference.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::uint64_t kRegIdMax = 0x7fff'ffff;

bool is_quoted(std::string_view text) noexcept {
    return !text.empty() && quoted_string_bytes(text) == text.size();
}

bool set_reg_id(std::string_view text, Contact& contact) noexcept {
    const auto number = parse_number(text, kRegIdMax);
    contact.reg_id = static_cast<std::uint32_t>(number.value_or(0));
    return *contact.reg_id != 0;
}

// False: malformed.
bool set_param(const Param& param, Contact& contact) noexcept {
    if (equals_ignoring_case(param.name, "q")) {
        contact.quality = parse_quality(param.value);
        return contact.quality.has_value();
    }
    if (equals_ignoring_case(param.name, "expires")) {
        contact.expires_s = parse_delta_seconds(param.value);
        return contact.expires_s.has_value();
    }
    if (equals_ignoring_case(param.name, "reg-id")) {
        return set_reg_id(param.value, contact);
    }
    if (equals_ignoring_case(param.name, "+sip.instance")) {
        contact.instance = param.value;
        return is_quoted(param.value);
    }
    if (equals_ignoring_case(param.name, "pub-gruu")) {
        contact.pub_gruu = param.value;
        return is_quoted(param.value);
    }
    if (equals_ignoring_case(param.name, "temp-gruu")) {
        contact.temp_gruu = param.value;
        return is_quoted(param.value);
    }
    contact.is_bulk = contact.is_bulk || equals_ignoring_case(param.name, "bnc");
    return true;
}

} // namespace

std::optional<Contact> parse_contact(std::string_view element) noexcept {
    const auto address = parse_name_addr(element);
    if (!address) {
        return std::nullopt;
    }
    Contact contact;
    contact.address = *address;
    for (const Param& param : address->params) {
        if (!set_param(param, contact)) {
            return std::nullopt;
        }
    }
    return contact;
}

} // namespace tandem::sipparse
