// SPDX-License-Identifier: Apache-2.0
//
// From, To, Contact, Route, Record-Route, Refer-To, Referred-By, P-Asserted-Identity, Diversion:
// ( name-addr / addr-spec ) *( ";" param ), RFC 3261 20.10. One element; split lists before
// (MessageView::list). The URI is not looked into. Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct NameAddr {
    std::string_view display; // as written, with its quotes; empty when there is none
    std::string_view uri;     // without angle brackets
    Params params;            // of the header, not of the URI
    bool in_brackets = false;
    std::string_view first_tag = {}; // of the params, see tag(); every dialog asks for it

    // The tag of From and To; nothing when absent or empty.
    [[nodiscard]] std::optional<std::string_view> tag() const noexcept;

    [[nodiscard]] std::optional<std::string_view> param(std::string_view name) const noexcept {
        return params.value(name);
    }
};

// Without angle brackets everything after the first ";" belongs to the header, and a "?" or ","
// in the URI is refused (20.10). Nothing for "*" of Contact: see is_contact_star.
[[nodiscard]] std::optional<NameAddr> parse_name_addr(std::string_view element) noexcept;

// The tag of a value of From or To without a look at the rest of it; empty when absent. What
// parse_name_addr() takes has the same tag by both; what it refuses has any part of it, or none.
[[nodiscard]] std::string_view find_tag(std::string_view value) noexcept;

// Contact: * of a REGISTER (10.2.2).
[[nodiscard]] bool is_contact_star(std::string_view value) noexcept;

} // namespace tandem::sipparse
