// SPDX-License-Identifier: Apache-2.0
//
// Edit distance (optimal string alignment) over the names of a level; see config/nearest_name.hpp.
// Decides nothing about options; names longer than any option are never near. Called by the loader
// for unknown names, on the main thread.
#include "config/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tandem::config {

namespace {

constexpr std::size_t kNameCharactersMax = 64; // longer than every option; bounds the work

using Row = std::array<std::size_t, kNameCharactersMax + 1>;

std::size_t edits_between(std::string_view a, std::string_view b) {
    Row before_last{};
    Row last{};
    Row current{};
    for (std::size_t j = 0; j <= b.size(); ++j) {
        last.at(j) = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last.at(j - 1) + (a[i - 1] == b[j - 1] ? 0U : 1U);
            current.at(j) = std::min({last.at(j) + 1, current.at(j - 1) + 1, replaced});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) {
                current.at(j) = std::min(current.at(j), before_last.at(j - 2) + 1);
            }
        }
        before_last = last;
        last = current;
    }
    return last.at(b.size());
}

} // namespace

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
    std::string_view nearest;
    std::size_t edits_min = kNameCharactersMax;
    for (const std::string_view candidate : candidates) {
        if (name.size() > kNameCharactersMax || candidate.size() > kNameCharactersMax) {
            continue;
        }
        const std::size_t edits = edits_between(name, candidate);
        const std::size_t allowed = std::max<std::size_t>(1, candidate.size() / 3);
        if (edits <= allowed && edits < edits_min) {
            nearest = candidate;
            edits_min = edits;
        }
    }
    return nearest;
}

} // namespace tandem::config
