// SPDX-License-Identifier: Apache-2.0
//
// Reads the call id back from a tag. What it names is checked by the caller.
#include "controlplane/core/identifiers.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::controlplane {

std::optional<std::uint64_t> call_id_of_tag(std::string_view tag) {
    if (tag.size() <= kCallIdDigits || tag[kCallIdDigits] != '-') {
        return std::nullopt;
    }
    std::uint64_t id = 0;
    for (const char c : tag.substr(0, kCallIdDigits)) {
        const int digit = sipparse::hex_digit(c);
        if (digit < 0) {
            return std::nullopt;
        }
        id = id << 4U | static_cast<std::uint64_t>(digit);
    }
    return id;
}

} // namespace tandem::controlplane
