// SPDX-License-Identifier: Apache-2.0
//
// What a header line begins with when it is written: "Call-ID: ". In memory of one size, so that
// copying and comparing it needs no loop. Constants made from kHeaderRows; inside sipparse only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sipparse/header_id.hpp"

namespace tandem::sipparse {

struct LineBeginning {
    static constexpr std::size_t kBytes = 32;
    std::array<char, kBytes> text = {}; // zeros behind it
    std::uint8_t bytes = 0;
};

consteval std::array<LineBeginning, kHeaderIdCount> make_line_beginnings() {
    std::array<LineBeginning, kHeaderIdCount> beginnings;
    for (std::size_t row = 0; row < kHeaderIdCount; ++row) {
        LineBeginning& beginning = beginnings[row];
        for (const std::string_view part : {kHeaderRows[row].name, std::string_view(": ")}) {
            for (const char c : part) {
                beginning.text[beginning.bytes++] = c;
            }
        }
    }
    return beginnings;
}

// By HeaderId; that of Other is of no use. One file writes with it, so it is not inline: the hot
// path then needs no pointer to it.
constexpr std::array<LineBeginning, kHeaderIdCount> kLineBeginnings = make_line_beginnings();

} // namespace tandem::sipparse
