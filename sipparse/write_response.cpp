// SPDX-License-Identifier: Apache-2.0
//
// A response from its request, RFC 3261 8.2.6.2 and 18.2.1, RFC 3581 4. Works on damaged requests
// too: what the index has is copied, so that a 400 can be written.
#include "sipparse/lexical.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/params.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

namespace {

// The top Via element with received and rport set. The rest is copied as it is, also when it is not
// well formed: the sender must recognise it.
void write_top_via(std::string_view element,
                   const ResponseOptions& options,
                   MessageWriter& writer) noexcept {
    const std::size_t semicolon = element.find(';');
    writer.value(trim(element.substr(0, semicolon)));
    if (semicolon != std::string_view::npos) {
        const Params params(element.substr(semicolon));
        if (!params.well_formed()) {
            writer.value(element.substr(semicolon));
            return;
        }
        for (const Param& param : params) {
            const bool is_received = equals_ignoring_case(param.name, "received");
            if (is_received && !options.received.empty()) {
                continue;
            }
            writer.value(";");
            writer.value(param.name);
            if (options.rport != 0 && equals_ignoring_case(param.name, "rport")) {
                writer.value("=");
                writer.value(std::uint64_t{options.rport});
            } else if (param.has_value) {
                writer.value("=");
                writer.value(param.value);
            }
        }
    }
    if (!options.received.empty()) {
        writer.value(";received=");
        writer.value(options.received);
    }
}

void write_vias(const MessageView& request,
                const ResponseOptions& options,
                MessageWriter& writer) noexcept {
    bool top = true;
    for (const std::string_view value : request.each(HeaderId::Via)) {
        writer.begin_header(HeaderId::Via);
        if (top) {
            const std::size_t bytes = list_element_bytes(value);
            write_top_via(trim(value.substr(0, bytes)), options, writer);
            writer.value(value.substr(bytes));
            top = false;
        } else {
            writer.value(value);
        }
        writer.end_header();
    }
}

void copy_lines(const MessageView& request, HeaderId id, MessageWriter& writer) noexcept {
    for (const std::string_view value : request.each(id)) {
        writer.header(id, value);
    }
}

void copy_first(const MessageView& request, HeaderId id, MessageWriter& writer) noexcept {
    if (const auto value = request.find(id)) {
        writer.header(id, *value);
    }
}

void write_to(std::string_view value, std::string_view tag, MessageWriter& writer) noexcept {
    const auto to = tag.empty() ? std::nullopt : parse_name_addr(value);
    const bool wants_tag = !tag.empty() && (!to || !to->tag());
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
    writer.status_line(options.status_code, options.reason);
    write_vias(request, options, writer);
    if (options.copy_record_route) {
        copy_lines(request, HeaderId::RecordRoute, writer);
    }
    copy_first(request, HeaderId::From, writer);
    if (const auto to = request.find(HeaderId::To)) {
        write_to(*to, options.to_tag, writer);
    }
    copy_first(request, HeaderId::CallId, writer);
    copy_first(request, HeaderId::CSeq, writer);
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
