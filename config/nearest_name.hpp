// SPDX-License-Identifier: Apache-2.0
//
// Finds what a misspelt name was meant to be. Decides how near is near enough; it knows no option.
// Called by the loader for unknown names, on the main thread.
#pragma once

#include <span>
#include <string_view>

namespace tandem::config {

// The candidate with the fewest edits (insert, delete, replace, swap of neighbours) from `name`;
// "" when even that one needs more than a third of its characters changed.
[[nodiscard]] std::string_view nearest_name(std::string_view name,
                                            std::span<const std::string_view> candidates);

} // namespace tandem::config
