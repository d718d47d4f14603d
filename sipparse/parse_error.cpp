// SPDX-License-Identifier: Apache-2.0
//
// Who may be answered at all. The rows of errors stand in the header.
#include "sipparse/parse_error.hpp"

#include "sipparse/message_index.hpp"

namespace tandem::sipparse {

std::uint16_t answer_status(ParseError error, const MessageIndex& index) noexcept {
    const bool answerable = index.kind == MessageKind::Request && index.method != Method::Ack &&
                            has_header(index, HeaderId::Via);
    return answerable ? status_for(error) : std::uint16_t{0};
}

} // namespace tandem::sipparse
