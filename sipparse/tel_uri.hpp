// SPDX-License-Identifier: Apache-2.0
//
// tel URIs (RFC 3966): telephone numbers. Views into the text; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct TelUri {
    std::string_view number;     // as written, with "+" and visual separators
    bool is_global = false;      // begins with "+"
    std::string_view context;    // phone-context of a local number: a domain, or a global prefix
    std::string_view extension;  // ext, as written; empty when absent
    std::string_view subaddress; // isub; empty when absent
    Params params;
};

// The whole text must be one tel: URI. A local number needs a phone-context (5.1.5), a global one
// must not have any.
[[nodiscard]] std::optional<TelUri> parse_tel_uri(std::string_view text) noexcept;

// RFC 3966 4: numbers, extensions and contexts without their visual separators, any case, and the
// same other parameters in any order, of a name that comes twice the first. Where one has more than
// kUriPartsMax parameters (uri_parts.hpp) they are equal only when they are the same byte for byte,
// so that the cost does not grow with the square of what a sender puts in.
[[nodiscard]] bool tel_equals(const TelUri& left, const TelUri& right) noexcept;

} // namespace tandem::sipparse
