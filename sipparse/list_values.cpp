// SPDX-License-Identifier: Apache-2.0
//
// Commas outside quotes and angle brackets. A quote or bracket that is never closed takes the rest
// of the value, so a damaged element is handed to its parser whole and refused there.
#include "sipparse/list_values.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/words.hpp"

namespace tandem::sipparse {

namespace {

// Position of the first comma, quote or angle bracket from `from` on, or value.size().
std::size_t next_mark(std::string_view value, std::size_t from) noexcept {
    while (value.size() - from >= kWordBytes) {
        const std::uint64_t word = load_word(value.data() + from);
        const std::uint64_t marks =
            marks_of(word, ',') | marks_of(word, '"') | marks_of(word, '<') | marks_of(word, '>');
        if (marks != 0) {
            return from + first_mark(marks);
        }
        from += kWordBytes;
    }
    while (from < value.size() && !is_in(CharacterClass::ListMark, value[from])) {
        ++from;
    }
    return from;
}

} // namespace

std::size_t list_element_bytes(std::string_view value) noexcept {
    bool in_brackets = false;
    std::size_t position = next_mark(value, 0);
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
            position = next_mark(value, position + bytes);
            continue;
        }
        in_brackets = c == '<' || (in_brackets && c != '>');
        position = next_mark(value, position + 1);
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
