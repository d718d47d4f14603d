// SPDX-License-Identifier: Apache-2.0
//
// A message from another one plus edits: lines that no edit concerns are copied in runs. Edits are
// few, so each other line looks through all of them.
#include <array>
#include <cstdint>

#include "sipparse/lexical.hpp"
#include "sipparse/line_copier.hpp"
#include "sipparse/list_values.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

namespace {

void write_header(HeaderId id,
                  std::string_view name,
                  std::string_view value,
                  MessageWriter& writer) noexcept {
    if (id == HeaderId::Other) {
        writer.header_raw(name, value);
    } else {
        writer.header(id, value);
    }
}

bool concerns(const HeaderEdit& edit, const HeaderView& line) noexcept {
    return edit.id == line.id &&
           (line.id != HeaderId::Other || equals_ignoring_case(edit.name, line.name));
}

// Is there a line of that header before `position`?
bool seen_before(const MessageView& view, const HeaderEdit& edit, std::size_t position) noexcept {
    std::size_t line = view.first_line(edit.id);
    if (edit.id != HeaderId::Other) {
        return line < position;
    }
    for (; line < position; line = view.next_line(line)) {
        if (concerns(edit, view.header(line))) {
            return true;
        }
    }
    return false;
}

bool is_on_existing(EditKind kind) noexcept {
    return kind == EditKind::Remove || kind == EditKind::RemoveFirst || kind == EditKind::Replace;
}

// The edit that says what becomes of an existing line; nothing when it stays.
const HeaderEdit* edit_of(const HeaderView& line, const MessageEdits& edits) noexcept {
    for (const HeaderEdit& edit : edits.headers) {
        if (is_on_existing(edit.kind) && concerns(edit, line)) {
            return &edit;
        }
    }
    return nullptr;
}

// What of a line is behind its first element, if anything.
void write_behind_first(const HeaderView& line, MessageWriter& writer) noexcept {
    std::string_view rest = header_row(line.id).is_list ? line.value : std::string_view{};
    ListValues::Iterator element(rest);
    if (element != ListValues::end()) {
        rest = rest.substr(static_cast<std::size_t>((*element).data() - rest.data()) +
                           (*element).size());
        ++element;
    }
    if (element != ListValues::end()) {
        const auto begin = static_cast<std::size_t>((*element).data() - rest.data());
        write_header(line.id, line.name, rest.substr(begin), writer);
    }
}

// The ids whose lines cannot just be copied, bit id % 64 of word id / 64.
class Concerned {
  public:
    explicit Concerned(const MessageEdits& edits) noexcept {
        add(HeaderId::ContentLength);
        for (const HeaderEdit& edit : edits.headers) {
            if (is_on_existing(edit.kind)) {
                add(edit.id);
            }
        }
    }

    [[nodiscard]] bool has(HeaderId id) const noexcept {
        const auto bit = static_cast<std::size_t>(id);
        return ((words_[(bit / 64) & 1] >> (bit % 64)) & 1) != 0;
    }

  private:
    void add(HeaderId id) noexcept {
        const auto bit = static_cast<std::size_t>(id);
        words_[(bit / 64) & 1] |= std::uint64_t{1} << (bit % 64);
    }

    std::array<std::uint64_t, 2> words_ = {};
};

// A line of an id that is concerned.
void write_line(const MessageView& view,
                std::size_t position,
                const MessageEdits& edits,
                MessageWriter& writer) noexcept {
    const HeaderView line = view.header(position);
    if (line.id == HeaderId::ContentLength) {
        return;
    }
    const HeaderEdit* const edit = edit_of(line, edits);
    const bool is_first = edit == nullptr || !seen_before(view, *edit, position);
    if (edit == nullptr || (edit->kind == EditKind::RemoveFirst && !is_first)) {
        write_header(line.id, line.name, line.value, writer);
    } else if (edit->kind == EditKind::RemoveFirst) {
        write_behind_first(line, writer);
    } else if (edit->kind == EditKind::Replace && is_first) {
        write_header(line.id, line.name, edit->value, writer);
    }
}

void write_lines(const MessageView& view,
                 const MessageEdits& edits,
                 MessageWriter& writer) noexcept {
    const Concerned concerned(edits);
    LineCopier copier(view, writer);
    for (std::size_t position = 0; position < view.header_count(); ++position) {
        const HeaderId id = view.index->lines[position].id;
        if (!concerned.has(id)) {
            copier.add(position);
        } else {
            copier.finish();
            write_line(view, position, edits, writer);
        }
    }
    copier.finish();
}

void write_added(const MessageView& view,
                 const MessageEdits& edits,
                 MessageWriter& writer) noexcept {
    for (const HeaderEdit& edit : edits.headers) {
        const bool missing =
            edit.kind == EditKind::Replace && !seen_before(view, edit, view.header_count());
        if (edit.kind == EditKind::Append || missing) {
            write_header(edit.id, edit.name, edit.value, writer);
        }
    }
}

} // namespace

std::string_view
write_edited(const MessageView& view, const MessageEdits& edits, std::span<char> out) noexcept {
    MessageWriter writer(out);
    if (view.is_response()) {
        writer.status_line(view.status_code(), view.reason());
    } else {
        writer.request_line(view.method_text(),
                            edits.request_uri.empty() ? view.request_uri() : edits.request_uri);
    }
    for (const HeaderEdit& edit : edits.headers) {
        if (edit.kind == EditKind::Prepend) {
            write_header(edit.id, edit.name, edit.value, writer);
        }
    }
    write_lines(view, edits, writer);
    write_added(view, edits, writer);
    writer.body({}, edits.body.value_or(view.body()));
    return writer.finish();
}

} // namespace tandem::sipparse
