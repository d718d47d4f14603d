// SPDX-License-Identifier: Apache-2.0
//
// RAck: response-num LWS CSeq-num LWS Method.
#include "sipparse/rack.hpp"

#include "sipparse/cseq.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::optional<RAck> parse_rack(std::string_view value) noexcept {
    std::size_t digits = 0;
    while (digits < value.size() && is_digit(value[digits])) {
        ++digits;
    }
    const auto rseq = parse_rseq(value.substr(0, digits));
    const std::string_view rest = trim_left(value.substr(digits));
    CSeq cseq;
    if (!rseq || rest.size() == value.size() - digits ||
        parse_cseq(rest, cseq) != ParseError::None) {
        return std::nullopt;
    }
    return RAck{.rseq = *rseq,
                .cseq_number = cseq.number,
                .method = cseq.method,
                .method_text = cseq.method_text};
}

} // namespace tandem::sipparse
