// SPDX-License-Identifier: Apache-2.0
//
// A text of a configuration file as a message shows it: in quotes, its beginning, without anything
// that would break the line or the terminal it is read on.
#pragma once

#include <string>
#include <string_view>

namespace tandem::config {

// `"text"`, or `"beginn"...`; a "?" stands for each byte that is not printable ASCII.
[[nodiscard]] std::string shown_text(std::string_view text);

} // namespace tandem::config
