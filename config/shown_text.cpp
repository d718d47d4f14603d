// SPDX-License-Identifier: Apache-2.0
//
// A text for people: see shown_text.hpp. Main thread, while a file is loaded.
#include "config/shown_text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace tandem::config {

std::string shown_text(std::string_view text) {
    constexpr std::size_t kShownCharactersMax = 60;
    std::string shown(text.substr(0, kShownCharactersMax));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return fmt::format("\"{}\"{}", shown, shown.size() < text.size() ? "..." : "");
}

} // namespace tandem::config
