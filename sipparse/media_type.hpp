// SPDX-License-Identifier: Apache-2.0
//
// Content-Type and the elements of Accept (RFC 3261 20.1, 20.15). Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct MediaType {
    std::string_view type;
    std::string_view subtype;
    Params params;

    // Both parts, any case.
    [[nodiscard]] bool is(std::string_view wanted_type,
                          std::string_view wanted_subtype) const noexcept;
    // Of a range of Accept: does it take in that type? "*/*" takes all, "text/*" all of text.
    [[nodiscard]] bool covers(const MediaType& other) const noexcept;
};

// Content-Type. A "*" in it is refused.
[[nodiscard]] std::optional<MediaType> parse_media_type(std::string_view value) noexcept;
// One element of Accept; either part may be "*", the first only with the second.
[[nodiscard]] std::optional<MediaType> parse_media_range(std::string_view element) noexcept;

} // namespace tandem::sipparse
