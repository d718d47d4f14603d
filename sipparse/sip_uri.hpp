// SPDX-License-Identifier: Apache-2.0
//
// SIP and SIPS URIs (RFC 3261 19.1) as views into the text, and the comparisons the switch needs.
// Other schemes are only named, never taken apart. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

enum class UriScheme : std::uint8_t { None, Sip, Sips, Tel, Other };

// None when the text does not begin with a scheme and a colon.
[[nodiscard]] UriScheme uri_scheme(std::string_view uri) noexcept;

struct SipUri {
    UriScheme scheme = UriScheme::Sip; // Sip or Sips
    bool has_user = false;             // an empty user before "@" is refused
    std::uint16_t port = 0;            // 0 = none was given
    std::string_view user;             // escapes still in it; without the password
    std::string_view password;
    std::string_view host; // IPv6 with its brackets
    Params params;
    std::string_view headers; // after "?", without it

    // Value of the parameter as written, empty when it has none; nothing when absent. Its name may
    // be escaped: "%6C%72" is "lr" (19.1.4; RFC 4475 3.1.1.3).
    [[nodiscard]] std::optional<std::string_view> param(std::string_view name) const noexcept;

    // Loose routing (19.1.1).
    [[nodiscard]] bool lr() const noexcept { return param("lr").has_value(); }

    // Text of the transport parameter; empty when absent.
    [[nodiscard]] std::string_view transport() const noexcept;
    // Text of the maddr parameter; empty when absent.
    [[nodiscard]] std::string_view maddr() const noexcept;
};

// The whole text must be one sip: or sips: URI.
[[nodiscard]] std::optional<SipUri> parse_sip_uri(std::string_view text) noexcept;

// User parts, or other texts of a URI, equal after decoding escapes once; case counts.
[[nodiscard]] bool user_equals(std::string_view left, std::string_view right) noexcept;

// Equal by RFC 3261 19.1.4: scheme, user, password, host, port, the parameters user, ttl, method,
// maddr and transport; other parameters where both have them, of a name that comes twice the first;
// all headers in any order, with the case of their values. An escape is the character it stands
// for, unless that is one of the reserved set. Where one has more than kUriPartsMax parameters or
// headers (uri_parts.hpp) they are equal only when they are the same byte for byte, so that the
// cost does not grow with the square of what a sender puts in.
[[nodiscard]] bool uri_equals(const SipUri& left, const SipUri& right) noexcept;

} // namespace tandem::sipparse
