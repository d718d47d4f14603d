// SPDX-License-Identifier: Apache-2.0
//
// The table of header names (header_names.hpp) and the look-up in it without vectors. A new row of
// kHeaderRows that makes two names meet in one slot fails the assertion below: then another
// kMultiplier is due.
#include "sipparse/header_id.hpp"

#include <algorithm>
#include <cstring>

#include "sipparse/header_names.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/words.hpp"

namespace tandem::sipparse {

namespace {

struct Builder {
    HeaderNameTable table = {};
    std::size_t rows = kNoNameRow + 1;
    bool collision = false;

    constexpr Builder() {
        for (std::uint8_t& slot : table.row_of_slot) {
            slot = kNoNameRow;
        }
    }

    constexpr void add(std::string_view name, const HeaderRow& header) {
        std::uint8_t& slot = table.row_of_slot[name_slot(word_of(name), name.back(), name.size())];
        collision = collision || slot != kNoNameRow;
        slot = static_cast<std::uint8_t>(rows);
        for (std::size_t i = 0; i < name.size(); ++i) {
            table.text[rows][i] = to_lower(name[i]);
        }
        table.text[rows][name.size()] = ':';
        table.id[rows] = static_cast<std::uint8_t>(header.id);
        table.is_singleton[rows] = header.is_singleton ? 1 : 0;
        ++rows;
    }
};

consteval Builder build() {
    Builder builder;
    for (std::size_t row = 1; row < kHeaderIdCount; ++row) {
        const HeaderRow& header = kHeaderRows[row];
        builder.add(header.name, header);
        if (header.compact != 0) {
            builder.add({&header.compact, 1}, header);
        }
    }
    return builder;
}

static_assert(std::ranges::all_of(kHeaderRows, [](const HeaderRow& row) {
    return row.name.size() <= kTableNameBytesMax;
}));
static_assert(build().rows == kNameRows);
static_assert(!build().collision, "two header names share a slot: choose another kMultiplier");

} // namespace

constinit const HeaderNameTable kHeaderNames = build().table;

HeaderId find_header_id(std::string_view name) noexcept {
    if (name.empty() || name.size() > kTableNameBytesMax) {
        return HeaderId::Other;
    }
    std::uint64_t word = 0;
    std::memcpy(&word, name.data(), std::min(name.size(), kWordBytes));
    const std::size_t row = kHeaderNames.row_of_slot[name_slot(word, name.back(), name.size())];
    const std::string_view candidate(kHeaderNames.text[row], name.size());
    const bool same = kHeaderNames.text[row][name.size()] == ':' &&
                      std::ranges::equal(name, candidate, {}, to_lower);
    return same ? static_cast<HeaderId>(kHeaderNames.id[row]) : HeaderId::Other;
}

} // namespace tandem::sipparse
