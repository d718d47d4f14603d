// SPDX-License-Identifier: Apache-2.0
//
// A response from its request, RFC 3261 8.2.6.2 and 18.2.1, RFC 3581 4. Works on damaged requests
// too: what the index has is copied, so that a 400 can be written.
#include "sipparse/lexical.hpp"
#include "sipparse/line_copier.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/params.hpp"
#include "sipparse/usual_form.hpp"
#include "sipparse/words.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kRecordRoute = "Record-Route: ";

// What of the first element of a Via line is written anew. Of a parameter that comes twice the
// first.
struct ViaCuts {
    std::size_t bytes = 0;     // of the element; 0: not well formed
    std::string_view rport;    // what stands behind its name, which may be nothing
    std::string_view received; // with the semicolon before it
};

// The text from the last semicolon before `name` up to `end`.
std::string_view with_semicolon(const char* name, const char* end) noexcept {
    while (*name != ';') {
        --name;
    }
    return {name, static_cast<std::size_t>(end - name)};
}

void note(const Param& param, ViaCuts& cuts) noexcept {
    const char* const name_end = param.name.data() + param.name.size();
    const char* const end = param.has_value ? param.value.data() + param.value.size() : name_end;
    if (cuts.rport.data() == nullptr && is_letters(param.name, "rport")) {
        cuts.rport = {name_end, static_cast<std::size_t>(end - name_end)};
    } else if (cuts.received.empty() && is_letters(param.name, "received")) {
        cuts.received = with_semicolon(param.name.data(), end);
    }
}

ViaCuts find_usual_cuts(std::string_view via_line) noexcept {
    ViaCuts cuts;
    if (begins_as_usual_via(via_line)) {
        const std::size_t params = end_of_class<CharacterClass::ParamValue>(via_line, kUsualSentBy);
        cuts.bytes = walk_usual_params(via_line, params, [&cuts](const Param& param) {
            note(param, cuts);
            return true;
        });
    }
    return cuts;
}

ViaCuts find_cuts(std::string_view via_line) noexcept {
    const std::size_t bytes = list_element_bytes(via_line);
    const std::string_view element = trim_right({via_line.data(), bytes});
    const std::size_t semicolon = element.find(';');
    ViaCuts cuts;
    Params::Iterator param(semicolon == std::string_view::npos ? std::string_view{}
                                                               : element.substr(semicolon));
    for (; param != Params::end(); ++param) {
        note(*param, cuts);
    }
    cuts.bytes = param.malformed() ? 0 : element.size();
    return cuts;
}

// Takes the text up to the cut off the front and writes it; the cut is gone then too.
void copy_up_to(std::string_view& text, std::string_view cut, MessageWriter& writer) noexcept {
    const auto bytes = static_cast<std::size_t>(cut.data() - text.data());
    writer.value({text.data(), bytes});
    text.remove_prefix(bytes + cut.size());
}

// The line of the top Via with received and rport set in its first element. The rest is copied as
// it is, also an element that is not well formed: the sender must recognise it.
void write_top_via(std::string_view via_line,
                   const ResponseOptions& options,
                   MessageWriter& writer) noexcept {
    ViaCuts cuts = find_usual_cuts(via_line);
    if (cuts.bytes == 0) {
        cuts = find_cuts(via_line);
    }
    if (cuts.bytes == 0) {
        writer.value(via_line);
        return;
    }
    std::string_view rest(via_line.data(), cuts.bytes);
    const bool has_received = !cuts.received.empty() && !options.received.empty();
    const bool received_first = has_received && cuts.received.data() < cuts.rport.data();
    if (received_first) {
        copy_up_to(rest, cuts.received, writer);
    }
    if (cuts.rport.data() != nullptr && options.rport != 0) {
        copy_up_to(rest, cuts.rport, writer);
        writer.value("=");
        writer.value(std::uint64_t{options.rport});
    }
    if (has_received && !received_first) {
        copy_up_to(rest, cuts.received, writer);
    }
    writer.value(rest);
    if (!options.received.empty()) {
        writer.value(";received=");
        writer.value(options.received);
    }
    writer.value({via_line.data() + cuts.bytes, via_line.size() - cuts.bytes});
}

// Spelt in one way, so that write_response_from_head() knows them.
void write_record_routes(const MessageView& request,
                         LineCopier& copier,
                         MessageWriter& writer) noexcept {
    std::size_t line = request.first_line(HeaderId::RecordRoute);
    for (; line < request.header_count(); line = request.next_line(line)) {
        const HeaderLine& entry = request.index->lines[line];
        const std::string_view beginning(request.bytes.data() + entry.name_offset,
                                         std::size_t{entry.value_offset} - entry.name_offset);
        if (beginning == kRecordRoute) {
            copier.add(line);
        } else {
            copier.finish();
            writer.header(HeaderId::RecordRoute, request.value_of(entry));
        }
    }
}

void copy_first(const MessageView& request, HeaderId id, LineCopier& copier) noexcept {
    const std::size_t line = request.first_line(id);
    if (line < request.header_count()) {
        copier.add(line);
    }
}

void write_vias(const MessageView& request,
                const ResponseOptions& options,
                MessageWriter& writer,
                LineCopier& copier) noexcept {
    const std::size_t top = request.first_line(HeaderId::Via);
    if (top == request.header_count()) {
        return;
    }
    writer.begin_header(HeaderId::Via);
    write_top_via(request.value_of(request.index->lines[top]), options, writer);
    writer.end_header();
    for (std::size_t line = request.next_line(top); line < request.header_count();
         line = request.next_line(line)) {
        copier.add(line);
    }
}

void write_to(std::string_view value, std::string_view tag, MessageWriter& writer) noexcept {
    const bool wants_tag = !tag.empty() && find_tag(value).empty();
    writer.header(HeaderId::To, {value, wants_tag ? ";tag=" : "", wants_tag ? tag : ""});
}

std::string_view finish(const ResponseOptions& options, MessageWriter& writer) noexcept {
    for (const ExtraHeader& header : options.headers) {
        if (header.id == HeaderId::Other) {
            writer.header_raw(header.name, header.value);
        } else {
            writer.header(header.id, header.value);
        }
    }
    writer.body(options.content_type, options.body);
    return writer.finish();
}

// Takes a line with its end off the front; empty: there is no whole one.
std::string_view take_line(std::string_view& text) noexcept {
    const std::size_t newline = text.find('\n');
    if (newline == std::string_view::npos) {
        return {};
    }
    const std::string_view line = text.substr(0, newline + 1);
    text.remove_prefix(line.size());
    return line;
}

} // namespace

std::string_view write_response(const MessageView& request,
                                const ResponseOptions& options,
                                std::span<char> out) noexcept {
    MessageWriter writer(out);
    LineCopier copier(request, writer);
    writer.status_line(options.status_code, options.reason);
    write_vias(request, options, writer, copier);
    if (options.copy_record_route) {
        write_record_routes(request, copier, writer);
    }
    copy_first(request, HeaderId::From, copier);
    if (const auto to = request.find(HeaderId::To)) {
        copier.finish();
        write_to(*to, options.to_tag, writer);
    }
    copy_first(request, HeaderId::CallId, copier);
    copy_first(request, HeaderId::CSeq, copier);
    copier.finish();
    return finish(options, writer);
}

std::string_view write_response_from_head(std::string_view head,
                                          const ResponseOptions& options,
                                          std::span<char> out) noexcept {
    constexpr std::string_view kTo = "To: ";
    constexpr std::string_view kContentLength = "Content-Length: ";
    MessageWriter writer(out);
    writer.status_line(options.status_code, options.reason);
    take_line(head); // the other status
    while (!head.starts_with(kContentLength)) {
        const std::string_view line = take_line(head);
        if (line.empty()) {
            return {};
        }
        if (line.starts_with(kTo)) {
            const std::string_view value = line.substr(kTo.size(), line.size() - kTo.size() - 2);
            write_to(value, options.to_tag, writer);
        } else if (options.copy_record_route || !line.starts_with(kRecordRoute)) {
            writer.lines(line);
        }
    }
    return finish(options, writer);
}

} // namespace tandem::sipparse
