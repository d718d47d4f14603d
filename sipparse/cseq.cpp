// SPDX-License-Identifier: Apache-2.0
//
// CSeq: 1*DIGIT LWS Method.
#include "sipparse/cseq.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

ParseError parse_cseq(std::string_view value, CSeq& out) noexcept {
    std::size_t digits = 0;
    while (digits < value.size() && is_digit(value[digits])) {
        ++digits;
    }
    const std::string_view method = trim_left(value.substr(digits));
    const bool separated = method.size() < value.size() - digits;
    if (digits == 0 || !separated || !is_token(method)) {
        return ParseError::CSeqMalformed;
    }
    out.method_text = method;
    out.method = find_method(method);
    const auto number = parse_number(value.substr(0, digits), kCSeqNumberMax);
    out.number = static_cast<std::uint32_t>(number.value_or(0));
    return number ? ParseError::None : ParseError::CSeqNumberTooLarge;
}

} // namespace tandem::sipparse
