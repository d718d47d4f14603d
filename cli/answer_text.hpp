// SPDX-License-Identifier: Apache-2.0
//
// The answer of a command as text, by the sections that its table declares. An answer that is not
// what its section says is shown as JSON rather than refused: the two may be of different releases.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "ctl/command.hpp"

namespace tandem::cli {

// Ends with a newline unless it is empty.
[[nodiscard]] std::string answer_text(const ctl::Command& command, const nlohmann::json& answer);

// JSON for people and programs: indented, valid UTF-8, with a final newline.
[[nodiscard]] std::string json_text(const nlohmann::json& answer);

} // namespace tandem::cli
