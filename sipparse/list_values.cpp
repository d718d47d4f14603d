// SPDX-License-Identifier: Apache-2.0
//
// Commas outside quotes and angle brackets. A quote or bracket that is never closed takes the rest
// of the value, so a damaged element is handed to its parser whole and refused there.
#include "sipparse/list_values.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/words.hpp"

namespace tandem::sipparse {

namespace {

// Whether a comma, quote or angle bracket is among eight characters.
bool has_mark(std::uint64_t word) noexcept {
    return has(word, ',') || has(word, '"') || has(word, '<') || has(word, '>');
}

} // namespace

std::size_t list_element_bytes(std::string_view value) noexcept {
    bool in_brackets = false;
    std::size_t position = 0;
    while (position < value.size()) {
        while (value.size() - position >= kWordBytes &&
               !has_mark(load_word(value.data() + position))) {
            position += kWordBytes;
        }
        if (position == value.size()) {
            break;
        }
        const char c = value[position];
        if (!is_in(CharacterClass::ListMark, c)) {
            ++position;
            continue;
        }
        if (c == ',' && !in_brackets) {
            return position;
        }
        if (c == '"') {
            const std::size_t bytes =
                quoted_string_bytes({value.data() + position, value.size() - position});
            if (bytes == 0) {
                return value.size();
            }
            position += bytes;
            continue;
        }
        in_brackets = c == '<' || (in_brackets && c != '>');
        ++position;
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
