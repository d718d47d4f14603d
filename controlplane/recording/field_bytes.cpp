// SPDX-License-Identifier: Apache-2.0
//
// Says where two sides differ, and what a part says.
#include "controlplane/recording/field_bytes.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace tandem::controlplane::recording {

namespace {

constexpr std::size_t kShownBytes = 120; // of a long text, around the first byte that differs

std::string printable(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        if (c == '\r') {
            shown += "\\r";
        } else if (c == '\n') {
            shown += "\\n";
        } else if (c < ' ' || c > '~') {
            shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            shown += c;
        }
    }
    return shown;
}

// The value at the front of `bytes`; of a long text the piece around `at`.
std::string value_text(std::string_view bytes, bool is_text, std::size_t at) {
    ByteReader reader(bytes);
    if (!is_text) {
        const auto value = reader.number();
        return reader.failed() ? "unreadable" : fmt::format("{} (0x{:x})", value, value);
    }
    const auto text = reader.text();
    if (reader.failed()) {
        return "unreadable";
    }
    const auto begin = at > kShownBytes / 2 ? at - kShownBytes / 2 : 0;
    if (begin >= text.size() && !text.empty()) {
        return fmt::format("{} bytes, ended before", text.size());
    }
    return fmt::format("{}\"{}\"{} ({} bytes)",
                       begin > 0 ? "..." : "",
                       printable(text.substr(begin, kShownBytes)),
                       text.size() > begin + kShownBytes ? "..." : "",
                       text.size());
}

// Where two texts in front of `left` and `right` differ.
std::size_t text_mismatch(std::string_view left, std::string_view right) {
    const auto a = ByteReader(left).text();
    const auto b = ByteReader(right).text();
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                    a.begin());
}

// The last of the sorted positions that begins at or before `offset`; the count when none does.
template <typename Items>
std::size_t last_at(const Items& items, std::size_t offset) {
    std::size_t found = items.size();
    for (std::size_t i = 0; i < items.size() && items[i].offset <= offset; ++i) {
        found = i;
    }
    return found;
}

std::string field_difference(const NamedBytes& replayed,
                             std::string_view recorded,
                             const NamedBytes::Field& field) {
    const auto own = std::string_view(replayed.bytes()).substr(field.offset);
    const auto other = recorded.substr(std::min(field.offset, recorded.size()));
    const auto at = field.is_text ? text_mismatch(own, other) : 0;
    return fmt::format("{}\n    recorded: {}\n    replayed: {}",
                       field.name,
                       value_text(other, field.is_text, at),
                       value_text(own, field.is_text, at));
}

} // namespace

std::string first_difference(const NamedBytes& replayed, std::string_view recorded) {
    const std::string_view own = replayed.bytes();
    const auto mismatch = std::mismatch(own.begin(), own.end(), recorded.begin(), recorded.end());
    const auto at = static_cast<std::size_t>(mismatch.first - own.begin());
    if (at == own.size() && at == recorded.size()) {
        return {};
    }
    const auto& parts = replayed.parts();
    if (at == own.size()) {
        return fmt::format("after the {} parts that were replayed the recording has {} bytes more",
                           parts.size(),
                           recorded.size() - at);
    }
    const auto part = last_at(parts, at);
    const auto where = fmt::format("{} ({} of {}): ", parts[part].name, part + 1, parts.size());
    if (parts[part].offset == at) {
        return where + (at == recorded.size()
                            ? std::string("was not recorded")
                            : fmt::format("another kind was recorded ({})",
                                          static_cast<unsigned char>(recorded[at])));
    }
    return where +
           field_difference(replayed, recorded, replayed.fields()[last_at(replayed.fields(), at)]);
}

std::string part_text(const NamedBytes& bytes, std::size_t position) {
    const auto& parts = bytes.parts();
    std::string text(parts[position].name);
    const auto end =
        position + 1 < parts.size() ? parts[position + 1].first_field : bytes.fields().size();
    for (auto i = parts[position].first_field; i < end; ++i) {
        const auto& field = bytes.fields()[i];
        ByteReader reader(std::string_view(bytes.bytes()).substr(field.offset));
        text += field.is_text ? fmt::format(" {}=\"{}\"", field.name, printable(reader.text()))
                              : fmt::format(" {}={}", field.name, reader.number());
    }
    return text;
}

} // namespace tandem::controlplane::recording
