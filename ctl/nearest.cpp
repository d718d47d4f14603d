// SPDX-License-Identifier: Apache-2.0
//
// Edit distance with swaps (optimal string alignment) over three rows of the usual matrix.
#include "ctl/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace tandem::ctl {

namespace {

// Bounds the work for a peer that sends long words; no command is that long.
constexpr std::size_t kWordBytesMax = 64;

std::size_t edits_between(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before_last(to.size() + 1);
    std::vector<std::size_t> last(to.size() + 1);
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        before_last.swap(last);
        last.swap(row);
    }
    return last[to.size()];
}

} // namespace

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
    if (word.empty() || word.size() > kWordBytesMax) {
        return std::nullopt;
    }
    const std::string* best = nullptr;
    std::size_t best_edits = std::max<std::size_t>(1, word.size() / 3) + 1;
    const std::string* longer = nullptr;
    for (const auto& candidate : candidates) {
        if (candidate.size() > kWordBytesMax) {
            continue;
        }
        const auto edits = edits_between(word, candidate);
        if (edits < best_edits) {
            best = &candidate;
            best_edits = edits;
        }
        if (candidate.starts_with(word) &&
            (longer == nullptr || candidate.size() < longer->size())) {
            longer = &candidate;
        }
    }
    const auto* found = best != nullptr ? best : longer;
    return found != nullptr ? std::optional<std::string>(*found) : std::nullopt;
}

} // namespace tandem::ctl
