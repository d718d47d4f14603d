// SPDX-License-Identifier: Apache-2.0
//
// CSeq (RFC 3261 20.16): sequence number below 2^31 and method. Stage 1 uses it for every message;
// others read MessageIndex::cseq_number. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "sipparse/method.hpp"
#include "sipparse/parse_error.hpp"

namespace tandem::sipparse {

inline constexpr std::uint32_t kCSeqNumberMax = 0x7fff'ffff; // 8.1.1.5: less than 2^31

struct CSeq {
    std::uint32_t number = 0;
    Method method = Method::Other;
    std::string_view method_text;
};

// None, CSeqMalformed or CSeqNumberTooLarge. With CSeqNumberTooLarge the method is still filled.
[[nodiscard]] ParseError parse_cseq(std::string_view value, CSeq& out) noexcept;

// The same for a value inside a message: `readable_bytes` >= value.size() may be read from
// value.data().
[[nodiscard]] ParseError
parse_cseq(std::string_view value, std::size_t readable_bytes, CSeq& out) noexcept;

} // namespace tandem::sipparse
