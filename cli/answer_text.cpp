// SPDX-License-Identifier: Apache-2.0
//
// Tables with aligned columns, members as "title  value" lines, text as it is.
#include "cli/answer_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/value_text.hpp"

namespace tandem::cli {

namespace {

using nlohmann::json;

// One long value must not push the rest of the table off the screen; the last column may be longer,
// as nothing follows it.
constexpr std::size_t kCellWidthMax = 44;
constexpr std::size_t kLastCellWidthMax = 240;
constexpr std::string_view kColumnGap = "  ";

std::string shortened(const std::string& text, std::size_t width_max) {
    if (width_of(text) <= width_max) {
        return text;
    }
    std::size_t bytes = 0;
    std::size_t width = 0;
    while (bytes < text.size()) {
        const bool starts = (static_cast<unsigned char>(text[bytes]) & 0xC0U) != 0x80;
        if (starts && ++width == width_max) {
            break;
        }
        ++bytes;
    }
    return text.substr(0, bytes) + "…";
}

std::string filled(const std::string& text, std::size_t width, bool to_the_right) {
    const std::size_t missing = width - std::min(width, width_of(text));
    const std::string spaces(missing, ' ');
    return to_the_right ? spaces + text : text + spaces;
}

const json& member_of(const json& object, const std::string& key) {
    static const json kNull;
    if (!object.is_object()) {
        return kNull;
    }
    const auto found = object.find(key);
    return found == object.end() ? kNull : *found;
}

// Headings stand out in capitals, whoever wrote the title.
std::string heading_of(std::string_view title) {
    std::string text = printable(title, false);
    for (char& c : text) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

// The cells of one column, its title first.
std::vector<std::string> cells_of(const ctl::Column& column, const json& rows, bool is_last) {
    const auto width_max = is_last ? kLastCellWidthMax : kCellWidthMax;
    std::vector<std::string> cells = {heading_of(column.title)};
    for (const auto& row : rows) {
        cells.push_back(shortened(value_text(member_of(row, column.key), column.type), width_max));
    }
    return cells;
}

std::string table_text(const std::vector<ctl::Column>& columns, const json& rows) {
    if (rows.empty()) {
        return "none\n";
    }
    std::vector<std::string> lines(rows.size() + 1);
    for (std::size_t at = 0; at < columns.size(); ++at) {
        const bool is_last = at + 1 == columns.size();
        const auto type = columns[at].type;
        const bool to_the_right = type != ctl::ColumnType::Text && type != ctl::ColumnType::Time;
        const auto cells = cells_of(columns[at], rows, is_last);
        std::size_t width = 0;
        for (const auto& cell : cells) {
            width = std::max(width, width_of(cell));
        }
        for (std::size_t line = 0; line < lines.size(); ++line) {
            const bool unpadded = is_last && !to_the_right;
            lines[line] += unpadded ? cells[line] : filled(cells[line], width, to_the_right);
            lines[line] += is_last ? std::string_view("\n") : kColumnGap;
        }
    }
    std::string text;
    for (const auto& line : lines) {
        text += line;
    }
    return text;
}

std::string members_text(std::vector<ctl::Column> columns, const json& object) {
    if (columns.empty()) {
        for (const auto& item : object.items()) {
            columns.push_back({.key = item.key(), .title = item.key()});
        }
    }
    std::size_t width = 0;
    for (const auto& column : columns) {
        width = std::max(width, width_of(column.title));
    }
    std::string text;
    for (const auto& column : columns) {
        text += filled(printable(column.title, false), width, false) + std::string(kColumnGap) +
                value_text(member_of(object, column.key), column.type) + "\n";
    }
    return text;
}

std::string section_text(const ctl::Section& section, const json& part) {
    if (section.shape == ctl::Shape::Table && part.is_array() && !section.columns.empty()) {
        return table_text(section.columns, part);
    }
    if (section.shape == ctl::Shape::Members && part.is_object()) {
        return members_text(section.columns, part);
    }
    if (section.shape == ctl::Shape::Text && part.is_string()) {
        const auto text = printable(part.get_ref<const std::string&>(), true);
        return text.empty() || text.ends_with('\n') ? text : text + "\n";
    }
    return printable(json_text(part), true);
}

} // namespace

std::string answer_text(const ctl::Command& command, const json& answer) {
    if (command.sections.empty()) {
        return answer.is_null() ? "done\n" : printable(json_text(answer), true);
    }
    std::string text;
    for (const auto& section : command.sections) {
        const json& part = section.key.empty() ? answer : member_of(answer, section.key);
        if (part.is_null()) {
            continue;
        }
        if (!text.empty()) {
            text += "\n";
        }
        if (!section.title.empty()) {
            text += printable(section.title, false) + "\n";
        }
        text += section_text(section, part);
    }
    return text;
}

std::string json_text(const json& answer) {
    return answer.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

} // namespace tandem::cli
