// SPDX-License-Identifier: Apache-2.0
//
// CSeq: 1*DIGIT LWS Method.
#include "sipparse/cseq.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/words.hpp"

namespace tandem::sipparse {

namespace {

// The form that nearly all have: at most seven digits, one space, a method of the table. False: it
// is another one, or wrong.
bool parse_usual(std::string_view value, std::size_t readable_bytes, CSeq& out) noexcept {
    if (readable_bytes < kWordBytes) {
        return false;
    }
    const std::uint64_t word = load_word(value.data());
    const std::size_t digits = digits_in_front(word);
    if (digits == 0 || digits == kWordBytes || digits + 1 >= value.size() || value[digits] != ' ') {
        return false;
    }
    out.number = number_in_front(word, digits);
    out.method_text = {value.data() + digits + 1, value.size() - digits - 1};
    out.method = find_method(out.method_text, readable_bytes - digits - 1);
    return out.method != Method::Other;
}

} // namespace

ParseError parse_cseq(std::string_view value, CSeq& out) noexcept {
    return parse_cseq(value, value.size(), out);
}

ParseError parse_cseq(std::string_view value, std::size_t readable_bytes, CSeq& out) noexcept {
    if (parse_usual(value, readable_bytes, out)) {
        return ParseError::None;
    }
    out = {};
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
