// SPDX-License-Identifier: Apache-2.0
//
// One value of an answer as text for a person, by the type of its column. Pure but for the time
// zone. What the wire put into a value cannot reach the terminal as a control sequence.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "ctl/command.hpp"

namespace tandem::cli {

// "-" for null; a value that does not fit its type is shown as JSON.
[[nodiscard]] std::string value_text(const nlohmann::json& value, ctl::ColumnType type);

// Without control characters: each becomes '?'; newline and tab stay if `lines` says so.
[[nodiscard]] std::string printable(std::string_view text, bool lines);

// Columns on a terminal: code points of UTF-8 (none of ours is wide).
[[nodiscard]] std::size_t width_of(std::string_view text);

} // namespace tandem::cli
