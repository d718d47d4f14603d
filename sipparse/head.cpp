// SPDX-License-Identifier: Apache-2.0
//
// Header lines without vectors: one search for the line end, one for a CR out of place, one for the
// colon.
#include "sipparse/head.hpp"

#include <array>

#include "sipparse/header_names.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

// A header line with its folds.
struct Line {
    std::size_t start;
    std::size_t end; // of the text: position of the CR or LF that ends it
    bool has_lonely_cr;
};

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

class HeadReader {
  public:
    HeadReader(std::string_view text, MessageIndex& out) noexcept : text_(text), out_(out) {}

    Head read(std::size_t from) noexcept;

  private:
    bool next_line(Line& line) noexcept;
    bool next_folded_line(Line& line) noexcept;
    void add_header(const Line& line) noexcept;
    bool remember(HeaderId id) noexcept;

    void note(ParseError error, std::size_t offset) noexcept {
        if (head_.error == ParseError::None) {
            head_.error = error;
            head_.error_offset = offset;
        }
    }

    [[nodiscard]] bool is_fold() const noexcept {
        return position_ < text_.size() && is_blank(text_[position_]);
    }

    std::string_view text_;
    MessageIndex& out_;
    Head head_;
    std::size_t position_ = 0;                        // where the next line begins
    std::array<std::uint8_t, kFirstLines> last_ = {}; // line of each id that is present
};

// False: the text ends inside the line.
bool HeadReader::next_line(Line& line) noexcept {
    const std::size_t newline = text_.find('\n', position_);
    if (newline == std::string_view::npos) {
        return false;
    }
    line.start = position_;
    line.end = newline > position_ && text_[newline - 1] == '\r' ? newline - 1 : newline;
    const std::string_view inside(text_.data() + line.start, line.end - line.start);
    line.has_lonely_cr = inside.find('\r') != std::string_view::npos;
    position_ = newline + 1;
    return true;
}

// The line with the lines that continue it (RFC 3261 7.3.1). False: the text ends inside.
bool HeadReader::next_folded_line(Line& line) noexcept {
    if (!next_line(line)) {
        return false;
    }
    // Behind the empty line is the body, which may begin with a space.
    while (is_fold() && line.end != line.start) {
        Line more{};
        if (!next_line(more)) {
            return false;
        }
        line.end = more.end;
        line.has_lonely_cr = line.has_lonely_cr || more.has_lonely_cr;
    }
    return true;
}

// False: there is one already and there must not be two.
bool HeadReader::remember(HeaderId id) noexcept {
    const auto row = static_cast<std::size_t>(id);
    const std::size_t word = row / 64;
    const std::uint64_t bit = std::uint64_t{1} << (row % 64);
    const auto line = static_cast<std::uint8_t>(out_.header_count);
    const bool is_first = (out_.present[word] & bit) == 0;
    std::uint8_t& link = is_first ? out_.first[row] : out_.lines[last_[row]].next;
    link = line;
    last_[row] = line;
    out_.present[word] |= bit;
    return is_first || (kSingletonIds[word] & bit) == 0;
}

void HeadReader::add_header(const Line& line) noexcept {
    const std::string_view text(text_.data() + line.start, line.end - line.start);
    const std::size_t colon = text.find(':');
    if (line.has_lonely_cr || colon == std::string_view::npos) {
        note(line.has_lonely_cr ? ParseError::BareCarriageReturn : ParseError::HeaderLineMalformed,
             line.start);
        return;
    }
    std::size_t name_bytes = colon;
    while (name_bytes > 0 && is_blank(text[name_bytes - 1])) {
        --name_bytes;
    }
    if (name_bytes > kHeaderNameBytesMax) {
        note(ParseError::HeaderNameTooLong, line.start);
        return;
    }
    const std::string_view name(text.data(), name_bytes);
    const HeaderId id = find_header_id(name);
    if (id == HeaderId::Other && !is_token(name)) {
        note(ParseError::HeaderLineMalformed, line.start);
        return;
    }
    if (out_.header_count == kHeaderLinesMax) {
        note(ParseError::TooManyHeaderLines, line.start);
        return;
    }
    std::size_t start = colon + 1;
    std::size_t end = text.size();
    while (start < end && is_white_space(text[start])) {
        ++start;
    }
    while (start < end && is_white_space(text[end - 1])) {
        --end;
    }
    HeaderLine& entry = out_.lines[out_.header_count];
    entry.name_offset = static_cast<std::uint16_t>(line.start);
    entry.value_offset = static_cast<std::uint16_t>(line.start + start);
    entry.value_bytes = static_cast<std::uint16_t>(end - start);
    entry.id = id;
    entry.next = 0;
    if (!remember(id)) {
        note(ParseError::DuplicateSingleton, line.start);
    }
    ++out_.header_count;
}

Head HeadReader::read(std::size_t from) noexcept {
    position_ = from;
    out_.header_count = 0;
    out_.present = {};
    out_.first = {};
    Line line{};
    if (!next_line(line)) {
        head_.start_line_end = text_.size();
        return head_;
    }
    head_.start_line_end = position_ - 1;
    head_.start_line_has_lonely_cr = line.has_lonely_cr;
    if (is_fold()) {
        note(ParseError::HeaderLineMalformed, position_); // the start line cannot be folded
    }
    while (next_folded_line(line)) {
        if (line.end == line.start) {
            head_.bytes = position_;
            return head_;
        }
        add_header(line);
    }
    return head_;
}

} // namespace

Head read_head(std::string_view text, std::size_t from, MessageIndex& out) noexcept {
    return HeadReader(text, out).read(from);
}

} // namespace tandem::sipparse
