// SPDX-License-Identifier: Apache-2.0
//
// Looking up headers in an index: the lines of one id hang together.
#include "sipparse/message_view.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::string_view MessageView::name_of(const HeaderLine& line) const noexcept {
    // Name, colon, white space: what is left without the last two is the name.
    std::string_view text(bytes.data() + line.name_offset,
                          std::size_t{line.value_offset} - line.name_offset);
    text = trim_right(text);
    text.remove_suffix(text.empty() ? 0 : 1);
    return trim_right(text);
}

std::optional<std::string_view> MessageView::find(std::string_view name) const noexcept {
    const HeaderId id = find_header_id(name);
    if (id != HeaderId::Other) {
        return find(id);
    }
    for (std::size_t line = first_line(id); line < header_count(); line = next_line(line)) {
        if (equals_ignoring_case(name_of(index->lines[line]), name)) {
            return value_of(index->lines[line]);
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> MessageView::find_first(HeaderId id) const noexcept {
    const auto value = find(id);
    if (!value) {
        return std::nullopt;
    }
    return trim(value->substr(0, list_element_bytes(*value)));
}

std::size_t MessageView::count(HeaderId id) const noexcept {
    std::size_t lines = 0;
    for (std::size_t line = first_line(id); line < header_count(); line = next_line(line)) {
        ++lines;
    }
    return lines;
}

HeaderValues MessageView::each(HeaderId id) const noexcept {
    return {*this, id};
}

HeaderListValues MessageView::list(HeaderId id) const noexcept {
    return {*this, id};
}

HeaderListValues::Iterator::Iterator(const MessageView& view, HeaderId id) noexcept
    : lines_(view, id), elements_({}), is_list_(header_row(id).is_list) {
    if (lines_ != EndOfRange{}) {
        elements_ = ListValues::Iterator(*lines_);
        skip_lines_without_elements();
    }
}

// Ends on a line with an element or behind the last line.
void HeaderListValues::Iterator::skip_lines_without_elements() noexcept {
    while (is_list_ && elements_ == EndOfRange{}) {
        ++lines_;
        if (lines_ == EndOfRange{}) {
            return;
        }
        elements_ = ListValues::Iterator(*lines_);
    }
}

HeaderListValues::Iterator& HeaderListValues::Iterator::operator++() noexcept {
    if (is_list_) {
        ++elements_;
        skip_lines_without_elements();
    } else {
        ++lines_;
    }
    return *this;
}

} // namespace tandem::sipparse
