// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: one header line, "Name: value", through the parser of that header. Whatever it is,
// nothing outside is read. What is well formed still is when it was written into a message and read
// back, folds being spaces then; a URI is equal to itself; a tag is the same whether the rest of
// its header is parsed or not. Built with libFuzzer.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sipparse/event.hpp"
#include "sipparse/header_check.hpp"
#include "sipparse/index.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"
#include "sipparse/tel_uri.hpp"
#include "sipparse/writer.hpp"
#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

using namespace sipparse; // NOLINT(google-build-using-namespace): all of it is under test

// The value as the only line of its header in a message; empty: no message can hold it.
std::string written(HeaderId id, std::string_view value) {
    std::array<char, 8192> out = {};
    MessageWriter writer(out);
    writer.request_line("OPTIONS", "sip:a@b");
    for (const HeaderId needed : {HeaderId::Via, HeaderId::From, HeaderId::To, HeaderId::CallId}) {
        if (needed != id) {
            writer.header(needed,
                          needed == HeaderId::Via ? "SIP/2.0/UDP h;branch=z9hG4bK1" : "sip:a@b");
        }
    }
    if (id != HeaderId::CSeq) {
        writer.header(HeaderId::CSeq, "1 OPTIONS");
    }
    if (id != HeaderId::ContentLength) {
        writer.header(id, value);
    }
    writer.no_body();
    return std::string(writer.finish());
}

void check_written(HeaderId id, std::string_view value) {
    const std::string text = written(id, value);
    MessageIndex index;
    static_cast<void>(index_datagram(text, index));
    const MessageView view{text, &index};
    const auto found = view.find(id);
    if (id == HeaderId::ContentLength || value.find('\0') != std::string_view::npos) {
        return;
    }
    require(found && found->size() == trim(value).size());
    require(is_well_formed(id, *found));
}

void check_uris(std::string_view text) {
    if (const auto uri = parse_sip_uri(text)) {
        require(uri_equals(*uri, *uri));
    }
    if (const auto uri = parse_tel_uri(text)) {
        require(tel_equals(*uri, *uri));
    }
    if (const auto event = parse_event(text)) {
        require(event_equals(*event, *event));
    }
    if (const auto address = parse_name_addr(text)) {
        require(find_tag(text) == address->tag().value_or(std::string_view{}));
    }
    static_cast<void>(find_tag(text));
}

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    fuzz::Input input(data, size);
    const fuzz::Piece line = input.rest();
    const std::size_t colon = line.text().find(':');
    if (colon == std::string_view::npos || size > 4096) {
        return 0;
    }
    const auto id = sipparse::find_header_id(line.text().substr(0, colon));
    const std::string_view value = sipparse::trim(line.text().substr(colon + 1));
    fuzz::check_uris(value);
    if (sipparse::is_well_formed(id, value) && id != sipparse::HeaderId::Other) {
        fuzz::check_written(id, value);
    }
    return 0;
}
