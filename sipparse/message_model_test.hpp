// SPDX-License-Identifier: Apache-2.0
//
// For the tests of the writer: a message as a list of names and values, and what an edit or an
// answer makes of that list. Written from writer.hpp and RFC 3261 alone, slowly and character by
// character; shares no code with what it judges but the table of header names.
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sipparse/message_view.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

struct Field {
    HeaderId id = HeaderId::Other;
    std::string name;  // canonical; in small letters when the table does not know it
    std::string value; // on one line, without white space at its ends

    bool operator==(const Field&) const = default;
};

using Fields = std::vector<Field>;

inline std::string in_small_letters(std::string_view text) {
    std::string small(text);
    for (char& c : small) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return small;
}

// Line ends are spaces, and there is no white space at the ends.
inline std::string on_one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line) {
        c = c == '\r' || c == '\n' ? ' ' : c;
    }
    const std::size_t first = line.find_first_not_of(" \t");
    return first == std::string::npos
               ? std::string()
               : line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

inline std::string without_white_space(std::string_view text) {
    std::string rest(text);
    std::erase_if(rest, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
    return rest;
}

inline Field make_field(HeaderId id, std::string_view name, std::string_view value) {
    return {id,
            id == HeaderId::Other ? in_small_letters(name) : std::string(header_name(id)),
            on_one_line(value)};
}

inline Fields fields_of(const MessageView& view) {
    Fields fields;
    for (std::size_t line = 0; line < view.header_count(); ++line) {
        const HeaderView header = view.header(line);
        fields.push_back(make_field(header.id, header.name, header.value));
    }
    return fields;
}

inline Fields of_name(const Fields& fields, std::string_view name) {
    Fields found;
    for (const Field& field : fields) {
        if (field.name == name) {
            found.push_back(field);
        }
    }
    return found;
}

// The text cut at each mark that is in no quoted string and, if they count, in no brackets.
inline std::vector<std::string> split(std::string_view text, char mark, bool brackets_count) {
    std::vector<std::string> parts(1);
    bool in_quotes = false;
    bool in_brackets = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == mark && !in_quotes && !in_brackets) {
            parts.emplace_back();
            continue;
        }
        parts.back() += c;
        if (in_quotes && c == '\\' && at + 1 < text.size()) {
            parts.back() += text[++at];
        } else if (c == '"') {
            in_quotes = !in_quotes;
        } else if (brackets_count && !in_quotes && (c == '<' || c == '>')) {
            in_brackets = c == '<';
        }
    }
    return parts;
}

// What a list has behind its first element; empty ones between commas do not count.
inline std::string behind_first_element(std::string_view list) {
    std::size_t elements = 0;
    std::size_t at = 0;
    for (const std::string& part : split(list, ',', true)) {
        elements += on_one_line(part).empty() ? 0U : 1U;
        if (elements == 2) {
            return on_one_line(list.substr(at));
        }
        at += part.size() + 1;
    }
    return {};
}

namespace detail {

inline bool is_on_existing(EditKind kind) {
    return kind != EditKind::Append && kind != EditKind::Prepend;
}

// One line of the message by the edit that concerns it.
inline void edit_field(const Field& field, const HeaderEdit& edit, bool is_first, Fields& after) {
    const bool is_list = header_row(field.id).is_list;
    if (edit.kind == EditKind::RemoveFirst) {
        const std::string rest = is_list ? behind_first_element(field.value) : std::string();
        if (!is_first || !rest.empty()) {
            after.push_back({field.id, field.name, is_first ? rest : field.value});
        }
    } else if (edit.kind == EditKind::Replace && is_first) {
        after.push_back(make_field(edit.id, edit.name, edit.value));
    }
}

} // namespace detail

// What write_edited() has to write.
inline Fields
edited(const Fields& before, std::span<const HeaderEdit> edits, std::size_t body_bytes) {
    Fields after;
    std::set<std::string> seen;
    for (const HeaderEdit& edit : edits) {
        if (edit.kind == EditKind::Prepend) {
            after.push_back(make_field(edit.id, edit.name, edit.value));
        }
    }
    for (const Field& field : before) {
        const HeaderEdit* found = nullptr;
        for (const HeaderEdit& edit : edits) {
            const bool concerns = detail::is_on_existing(edit.kind) &&
                                  make_field(edit.id, edit.name, {}).name == field.name;
            found = found == nullptr && concerns ? &edit : found;
        }
        const bool is_first = seen.insert(field.name).second;
        if (field.id == HeaderId::ContentLength) {
            continue;
        }
        if (found == nullptr) {
            after.push_back(field);
        } else {
            detail::edit_field(field, *found, is_first, after);
        }
    }
    for (const HeaderEdit& edit : edits) {
        const Field field = make_field(edit.id, edit.name, edit.value);
        if (edit.kind == EditKind::Append ||
            (edit.kind == EditKind::Replace && !seen.contains(field.name))) {
            after.push_back(field);
        }
    }
    after.push_back(make_field(HeaderId::ContentLength, {}, std::to_string(body_bytes)));
    return after;
}

namespace detail {

inline bool is_param(const std::string& param, std::string_view name) {
    return in_small_letters(on_one_line(param.substr(0, param.find('=')))) == name;
}

} // namespace detail

// A well formed Via line as it goes back: rport and received of its first element set (RFC 3261
// 18.2.1, RFC 3581 4).
inline std::string
answered_via(std::string_view line, std::string_view received, std::uint16_t rport) {
    std::vector<std::string> elements = split(line, ',', true);
    std::vector<std::string> params = split(elements.front(), ';', false);
    std::string top = params.front();
    bool has_rport = false;
    bool has_received = false;
    for (std::size_t i = 1; i < params.size(); ++i) {
        const std::string name = params[i].substr(0, params[i].find('='));
        if (rport != 0 && !has_rport && detail::is_param(name, "rport")) {
            has_rport = true;
            top += ';' + name + '=' + std::to_string(rport);
        } else if (!received.empty() && !has_received && detail::is_param(name, "received")) {
            has_received = true;
        } else {
            top += ';' + params[i];
        }
    }
    top += received.empty() ? std::string() : ";received=" + std::string(received);
    for (std::size_t i = 1; i < elements.size(); ++i) {
        top += ',' + elements[i];
    }
    return top;
}

// Of a well formed From or To; one without a value is none.
inline bool has_tag(std::string_view address) {
    // The parameters of a URI in brackets are not those of the header.
    const std::vector<std::string> params = split(address, ';', true);
    for (std::size_t i = 1; i < params.size(); ++i) {
        if (detail::is_param(params[i], "tag")) {
            const std::size_t equals = params[i].find('=');
            return equals != std::string::npos &&
                   !on_one_line(std::string_view(params[i]).substr(equals + 1)).empty();
        }
    }
    return false;
}

// What write_response() has to write for a request whose top Via and To are well formed.
inline Fields answered(const Fields& request, const ResponseOptions& options) {
    Fields answer = of_name(request, "Via");
    if (!answer.empty()) {
        answer.front().value = answered_via(answer.front().value, options.received, options.rport);
    }
    for (const Field& field : of_name(request, "Record-Route")) {
        if (options.copy_record_route) {
            answer.push_back(field);
        }
    }
    for (const char* name : {"From", "To", "Call-ID", "CSeq"}) {
        const Fields lines = of_name(request, name);
        if (lines.empty()) {
            continue;
        }
        answer.push_back(lines.front());
        if (lines.front().id == HeaderId::To && !options.to_tag.empty() &&
            !has_tag(lines.front().value)) {
            answer.back().value += ";tag=" + std::string(options.to_tag);
        }
    }
    for (const ExtraHeader& header : options.headers) {
        answer.push_back(make_field(header.id, header.name, header.value));
    }
    if (!options.content_type.empty()) {
        answer.push_back(make_field(HeaderId::ContentType, {}, options.content_type));
    }
    answer.push_back(make_field(HeaderId::ContentLength, {}, std::to_string(options.body.size())));
    return answer;
}

// White space between the parts of a Via means nothing, and the writer may leave some of it out.
inline Fields with_plain_top_via(Fields fields) {
    for (Field& field : fields) {
        if (field.id == HeaderId::Via) {
            field.value = without_white_space(field.value);
            break;
        }
    }
    return fields;
}

// Each line up to the empty one ends in CRLF, none is folded, and there is no other CR or LF.
inline bool has_whole_lines(std::string_view message) {
    const std::size_t end = message.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return false;
    }
    const std::string_view head = message.substr(0, end + 2);
    for (std::size_t at = 0; at < head.size(); ++at) {
        const bool is_blank = head[at] == ' ' || head[at] == '\t';
        const bool is_bare = (head[at] == '\r' && head[at + 1] != '\n') ||
                             (head[at] == '\n' && (at == 0 || head[at - 1] != '\r'));
        if (is_bare || (is_blank && (at == 0 || head[at - 1] == '\n'))) {
            return false;
        }
    }
    return true;
}

// May a message have these? None is missing, and none is there twice that must be single.
inline bool are_complete(const Fields& fields) {
    std::set<std::string> seen;
    for (const Field& field : fields) {
        if (!seen.insert(field.name).second && header_row(field.id).is_singleton) {
            return false;
        }
    }
    return seen.contains("Via") && seen.contains("From") && seen.contains("To") &&
           seen.contains("Call-ID") && seen.contains("CSeq");
}

} // namespace tandem::sipparse
