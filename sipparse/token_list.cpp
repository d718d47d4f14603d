// SPDX-License-Identifier: Apache-2.0
//
//   token-list = token *( COMMA token )
//
// Allow may have twenty of them, and cutting out each one costs more than looking at sixteen
// characters at a time: what is written the usual way, with "," or ", " between tokens, needs no
// cutting.
#include "sipparse/token_list.hpp"

#include <algorithm>
#include <cstdint>
#include <emmintrin.h>

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::size_t kWindow = detail::kVectorBytes;
constexpr std::size_t kContext = 2; // characters in front of a token that matter

std::uint32_t equal_to(const char* at, char c) noexcept {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8(c))));
}

// Whether sixteen characters are token characters, commas and spaces, and in front of each token
// there is a comma, or a comma and a space. What is in front of the first two is not known: they
// are taken.
bool is_usual_window(const char* at) noexcept {
    constexpr std::uint32_t kAll = 0xffff;
    constexpr std::uint32_t kUnknown = (1U << kContext) - 1;
    const std::uint32_t tokens = detail::members_of<CharacterClass::Token>(at);
    const std::uint32_t commas = equal_to(at, ',');
    const std::uint32_t spaces = equal_to(at, ' ');
    const std::uint32_t begins = tokens & ~(tokens << 1U);
    const std::uint32_t may_begin = commas << 1U | (spaces << 1U & commas << 2U) | kUnknown;
    return (tokens | commas | spaces) == kAll && (begins & ~may_begin) == 0;
}

// Windows overlap by the context, the last one ends with the text.
bool is_usual(std::string_view text) noexcept {
    if (text.size() < kWindow) {
        return false;
    }
    const std::size_t last = text.size() - kWindow;
    bool usual = is_usual_window(text.data() + last);
    for (std::size_t at = 0; usual && at < last; at += kWindow - kContext) {
        usual = is_usual_window(text.data() + at);
    }
    return usual;
}

} // namespace

bool is_token_list(std::string_view value) noexcept {
    if (is_usual(value)) {
        return true;
    }
    bool wants_comma = false;
    for (std::string_view text = trim_left(value); !text.empty(); text = trim_left(text)) {
        const std::size_t bytes = token_bytes(text);
        const bool is_comma = text.front() == ',';
        if (!is_comma && (bytes == 0 || wants_comma)) {
            return false;
        }
        wants_comma = !is_comma;
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return true;
}

} // namespace tandem::sipparse
