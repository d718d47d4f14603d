// SPDX-License-Identifier: Apache-2.0
//
// r-value = namespace "." r-priority, both of token characters without the dot
#include "sipparse/resource_priority.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::optional<ResourceValue> parse_resource_value(std::string_view element) noexcept {
    const std::string_view text = trim(element);
    const std::size_t dot = text.find('.');
    if (!is_token(text) || dot == std::string_view::npos || dot == 0 || dot + 1 == text.size() ||
        text.find('.', dot + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    return ResourceValue{text.substr(0, dot), text.substr(dot + 1)};
}

} // namespace tandem::sipparse
