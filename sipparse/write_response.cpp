// SPDX-License-Identifier: Apache-2.0
//
// A response from its request, RFC 3261 8.2.6.2 and 18.2.1, RFC 3581 4. Works on damaged requests
// too: what the index has is copied, so that a 400 can be written.
#include "sipparse/lexical.hpp"
#include "sipparse/line_copier.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/params.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

namespace {

// What of a Via element is written anew. Of a parameter that comes twice the first.
struct ViaCuts {
    std::string_view rport;    // what stands behind its name, which may be nothing
    std::string_view received; // with the semicolon before it
    bool well_formed = false;
};

// The text from the last semicolon before `name` up to `end`.
std::string_view with_semicolon(const char* name, const char* end) noexcept {
    while (*name != ';') {
        --name;
    }
    return {name, static_cast<std::size_t>(end - name)};
}

// The parameters begin with a semicolon.
ViaCuts find_cuts(std::string_view via_params) noexcept {
    ViaCuts cuts;
    Params::Iterator param(via_params);
    for (; param != Params::end(); ++param) {
        const char* const name_end = param->name.data() + param->name.size();
        const char* const end =
            param->has_value ? param->value.data() + param->value.size() : name_end;
        if (cuts.rport.data() == nullptr && equals_ignoring_case(param->name, "rport")) {
            cuts.rport = {name_end, static_cast<std::size_t>(end - name_end)};
        } else if (cuts.received.empty() && equals_ignoring_case(param->name, "received")) {
            cuts.received = with_semicolon(param->name.data(), end);
        }
    }
    cuts.well_formed = !param.malformed();
    return cuts;
}

// Takes the text up to the cut off the front and writes it; the cut is gone then too.
void copy_up_to(std::string_view& text, std::string_view cut, MessageWriter& writer) noexcept {
    const auto bytes = static_cast<std::size_t>(cut.data() - text.data());
    writer.value({text.data(), bytes});
    text.remove_prefix(bytes + cut.size());
}

// The top Via element with received and rport set. The rest is copied as it is, also when it is not
// well formed: the sender must recognise it.
void write_top_via(std::string_view element,
                   const ResponseOptions& options,
                   MessageWriter& writer) noexcept {
    std::string_view rest = element;
    const std::size_t semicolon = element.find(';');
    if (semicolon != std::string_view::npos) {
        const ViaCuts cuts = find_cuts(element.substr(semicolon));
        if (!cuts.well_formed) {
            writer.value(element);
            return;
        }
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
    }
    writer.value(rest);
    if (!options.received.empty()) {
        writer.value(";received=");
        writer.value(options.received);
    }
}

// The line and those of the same header behind it.
void copy_lines_from(const MessageView& request, std::size_t line, LineCopier& copier) noexcept {
    for (; line < request.header_count(); line = request.next_line(line)) {
        copier.add(line);
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
    const std::string_view value = request.value_of(request.index->lines[top]);
    const std::size_t bytes = list_element_bytes(value);
    writer.begin_header(HeaderId::Via);
    write_top_via(trim(value.substr(0, bytes)), options, writer);
    writer.value({value.data() + bytes, value.size() - bytes});
    writer.end_header();
    copy_lines_from(request, request.next_line(top), copier);
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
        copy_lines_from(request, request.first_line(HeaderId::RecordRoute), copier);
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
    constexpr std::string_view kRecordRoute = "Record-Route: ";
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
