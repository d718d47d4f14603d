// SPDX-License-Identifier: Apache-2.0
//
// A message from another one plus edits. Edits are few, so each line looks through all of them.
#include "sipparse/lexical.hpp"
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

bool concerns(const HeaderEdit& edit, HeaderId id, std::string_view name) noexcept {
    return edit.id == id && (id != HeaderId::Other || equals_ignoring_case(edit.name, name));
}

// Is there a line of that header before `position`?
bool seen_before(const MessageView& view, const HeaderEdit& edit, std::size_t position) noexcept {
    for (std::size_t i = 0; i < position; ++i) {
        const HeaderView line = view.header(i);
        if (concerns(edit, line.id, line.name)) {
            return true;
        }
    }
    return false;
}

// The edit that says what becomes of an existing line; nothing when it stays.
const HeaderEdit* edit_of(const HeaderView& line, const MessageEdits& edits) noexcept {
    for (const HeaderEdit& edit : edits.headers) {
        const bool on_existing = edit.kind == EditKind::Remove || edit.kind == EditKind::Replace;
        if (on_existing && concerns(edit, line.id, line.name)) {
            return &edit;
        }
    }
    return nullptr;
}

void write_line(const MessageView& view,
                std::size_t position,
                const MessageEdits& edits,
                MessageWriter& writer) noexcept {
    const HeaderView line = view.header(position);
    if (line.id == HeaderId::ContentLength) {
        return;
    }
    const HeaderEdit* const edit = edit_of(line, edits);
    if (edit == nullptr) {
        write_header(line.id, line.name, line.value, writer);
    } else if (edit->kind == EditKind::Replace && !seen_before(view, *edit, position)) {
        write_header(line.id, line.name, edit->value, writer);
    }
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
    for (std::size_t position = 0; position < view.header_count(); ++position) {
        write_line(view, position, edits, writer);
    }
    write_added(view, edits, writer);
    writer.body({}, edits.body.value_or(view.body()));
    return writer.finish();
}

} // namespace tandem::sipparse
