// SPDX-License-Identifier: Apache-2.0
//
// Stage 1: one datagram to one MessageIndex, in one pass, without copying, allocating or reading
// outside the datagram. Decides where lines, names, values and the body are and refuses what no
// stage behind could use (parse_error.hpp). Header values other than CSeq, Call-ID, Max-Forwards
// and Content-Length are not looked into. Called per packet on a worker; any thread may.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sipparse/message_index.hpp"
#include "sipparse/parse_error.hpp"

namespace tandem::sipparse {

// Line ends: CRLF, and a bare LF is accepted as one (tools and old phones send it); a CR that is
// not followed by LF is refused, because a receiver behind us might take it for a line end.
// Folded lines (RFC 3261 7.3.1) are one header. Leading line ends are skipped (7.5).
// A body longer than Content-Length is cut (18.3), a missing Content-Length means the rest.
//
// On an error the first one found is returned, `out.error_offset` says where, and indexing went on
// as far as possible: the index always is valid, and the header lines found are in it, so that a
// refusal can be written. Found first are errors of the start line, then of the lines in their
// order, then what is missing, then what is in the values.
[[nodiscard]] ParseError index_datagram(std::string_view bytes, MessageIndex& out) noexcept;

enum class Implementation : std::uint8_t {
    Scalar, // the truth
    Avx2,   // the same results, 32 bytes at a time
    Avx512, // the same results, 64 bytes at a time; needs AVX-512BW and AVX-512VL
};

struct ImplementationRow {
    Implementation implementation;
    std::string_view name; // what TANDEM_SIMD takes and status shows
};

// From the slowest to the fastest.
inline constexpr std::array kImplementations = std::to_array<ImplementationRow>({
    {Implementation::Scalar, "scalar"},
    {Implementation::Avx2, "avx2"},
    {Implementation::Avx512, "avx512"},
});

[[nodiscard]] constexpr std::string_view implementation_name(Implementation implementation) {
    return kImplementations[static_cast<std::size_t>(implementation)].name;
}

// The environment variable that names the implementation index_datagram() is to use.
inline constexpr const char* kImplementationVariable = "TANDEM_SIMD";

// Can this processor run it?
[[nodiscard]] bool is_supported(Implementation implementation) noexcept;

// The one of that name if it is supported; otherwise, and for nullptr, the fastest that is.
[[nodiscard]] Implementation choose_implementation(const char* wanted) noexcept;

// The one index_datagram() uses: chosen by TANDEM_SIMD when first asked for, and kept.
[[nodiscard]] Implementation chosen_implementation() noexcept;

// index_datagram by a given implementation, which must be supported; tests and benchmarks.
[[nodiscard]] ParseError index_datagram_with(Implementation implementation,
                                             std::string_view bytes,
                                             MessageIndex& out) noexcept;

} // namespace tandem::sipparse
