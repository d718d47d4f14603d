// SPDX-License-Identifier: Apache-2.0
//
// Everything stage 2 and the writer offer, walked over one message.
#include <array>
#include <cstddef>
#include <vector>

#include "sipparse/credentials.hpp"
#include "sipparse/cseq.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/rack.hpp"
#include "sipparse/request_check.hpp"
#include "sipparse/session_expires.hpp"
#include "sipparse/sip_uri.hpp"
#include "sipparse/via.hpp"
#include "sipparse/writer.hpp"
#include "tests/torture/observation.hpp"

namespace tandem::torture {

namespace {

using sipparse::MessageView;
using sipparse::ParseError;

// How many parsers accept the value; the number matters less than that each has looked at it.
std::size_t parse_by_all(std::string_view value) {
    sipparse::CSeq cseq;
    std::size_t accepted = sipparse::parse_cseq(value, cseq) == ParseError::None ? 1U : 0U;
    accepted += sipparse::parse_via(value) ? 1U : 0U;
    accepted += sipparse::parse_sip_uri(value) ? 1U : 0U;
    accepted += sipparse::parse_digest(value) ? 1U : 0U;
    accepted += sipparse::parse_rack(value) ? 1U : 0U;
    accepted += sipparse::parse_session_expires(value) ? 1U : 0U;
    accepted += sipparse::parse_leading_delta_seconds(value) ? 1U : 0U;
    accepted += sipparse::Params(value).well_formed() ? 1U : 0U;
    if (const auto name_addr = sipparse::parse_name_addr(value)) {
        accepted += sipparse::parse_sip_uri(name_addr->uri) ? 1U : 0U;
    }
    for (const std::string_view element : sipparse::ListValues(value)) {
        accepted += sipparse::parse_via(element) || sipparse::parse_name_addr(element) ? 1U : 0U;
    }
    return accepted;
}

// The words about every defect; how many bytes they have.
std::size_t describe_defects(const MessageView& view) {
    std::array<char, sipparse::kDefectTextBytes> words;
    const sipparse::RequestRules rules{.takes_sips = true, .follows_route = true};
    return sipparse::describe(sipparse::check_request(view, rules), words).size() +
           sipparse::describe(sipparse::check_headers(view), words).size() +
           sipparse::write_unsupported(view, {}, words).size();
}

} // namespace

std::size_t touch_everything(const MessageView& view) {
    std::size_t accepted = parse_by_all(view.request_uri()) + describe_defects(view);
    for (std::size_t i = 0; i < view.header_count(); ++i) {
        accepted += parse_by_all(view.header(i).value);
    }
    std::vector<char> out(2 * sipparse::kMessageBytesMax + accepted % 2);
    const auto response = sipparse::write_response(view,
                                                   {.status_code = 400,
                                                    .reason = "Bad Request",
                                                    .to_tag = "t",
                                                    .received = "192.0.2.1",
                                                    .rport = 5060,
                                                    .copy_record_route = true},
                                                   out);
    const std::size_t response_bytes = response.size();
    return response_bytes + sipparse::write_edited(view, {}, out).size();
}

} // namespace tandem::torture
