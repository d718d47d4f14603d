// SPDX-License-Identifier: Apache-2.0
//
// Commas outside quotes and angle brackets. A quote or bracket that is never closed takes the rest
// of the value, so a damaged element is handed to its parser whole and refused there.
#include "sipparse/list_values.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::size_t list_element_bytes(std::string_view value) noexcept {
    bool in_brackets = false;
    std::size_t position = find_in_class<CharacterClass::ListMark>(value);
    while (position < value.size()) {
        const char c = value[position];
        if (c == ',' && !in_brackets) {
            return position;
        }
        if (c == '"') {
            const std::size_t bytes =
                quoted_string_bytes({value.data() + position, value.size() - position});
            if (bytes == 0) {
                return value.size();
            }
            position = find_in_class<CharacterClass::ListMark>(value, position + bytes);
            continue;
        }
        in_brackets = c == '<' || (in_brackets && c != '>');
        position = find_in_class<CharacterClass::ListMark>(value, position + 1);
    }
    return value.size();
}

void ListValues::Iterator::advance() noexcept {
    element_ = {};
    while (element_.empty()) {
        if (rest_.empty()) {
            at_end_ = true;
            return;
        }
        const std::size_t bytes = list_element_bytes(rest_);
        element_ = trim(rest_.substr(0, bytes));
        rest_.remove_prefix(bytes < rest_.size() ? bytes + 1 : bytes);
    }
}

} // namespace tandem::sipparse
